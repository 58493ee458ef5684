"""Serves a model on a free port of this machine, and says where: llama.cpp's own HTTP server.

Usage: serve.py PATH
"""

import sys
import threading

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 16384
params.n_parallel = 2
params.n_predict = 400
params.warmup = False
params.cpuparams.n_threads = 1
params.chat_template = "chatml"
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
# It serves as long as somebody holds the other end of this pipe.
sys.stdin.read()
