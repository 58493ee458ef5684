// Has a server listen on this machine alone, whatever it asks for.
const net = require("node:net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  if (typeof port === "number" || typeof port === "string") {
    return listen.call(this, { port: Number(port), host: "127.0.0.1" }, ...rest.filter((item) => typeof item === "function"));
  }
  if (port && typeof port === "object" && port.port !== undefined) {
    return listen.call(this, { ...port, host: "127.0.0.1" }, ...rest);
  }
  return listen.call(this, port, ...rest);
};
