// Has a server listen on this machine alone, whatever it asks for. This is the step below `listen`, where the address is known: some
// servers read their port right after they called `listen`.
const net = require("node:net");
const setup = net.Server.prototype._listen2;
net.Server.prototype._listen2 = function (address, port, type, ...rest) {
  const isAddress = type === 4 || type === 6;
  return isAddress ? setup.call(this, "127.0.0.1", port, 4, ...rest) : setup.call(this, address, port, type, ...rest);
};
