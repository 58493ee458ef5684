"""Writes a model with random weights that llama.cpp loads: its words mean nothing, and everything around them is real.

Usage: tiny.py PATH
"""

import sys

import numpy as np
from gguf import GGUFWriter, TokenType

VOCABULARY, WIDTH, HIDDEN, HEADS, LAYERS, CONTEXT = 300, 64, 128, 4, 2, 8192

# The bytes, as pieces of their own: any text can be read, and a grammar can spell any JSON.
pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL] + [TokenType.BYTE] * 256
# A few words, so that what it says is not bytes alone.
words = ["\u2581the", "\u2581cat", "\u2581dog", "\u2581is", "\u2581a", "\u2581and", "e", "a", "t", "o", "n", "s", "r", "i"]
pieces += words
kinds += [TokenType.NORMAL] * len(words)
while len(pieces) < VOCABULARY:
    pieces.append(f"\u2581w{len(pieces)}")
    kinds.append(TokenType.NORMAL)

writer = GGUFWriter(sys.argv[1], "llama")
writer.add_context_length(CONTEXT)
writer.add_embedding_length(WIDTH)
writer.add_block_count(LAYERS)
writer.add_feed_forward_length(HIDDEN)
writer.add_head_count(HEADS)
writer.add_head_count_kv(HEADS)
writer.add_rope_dimension_count(WIDTH // HEADS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_vocab_size(VOCABULARY)
writer.add_tokenizer_model("llama")
writer.add_token_list(pieces)
writer.add_token_scores([0.0] * 259 + [-float(n) for n in range(VOCABULARY - 259)])
writer.add_token_types(kinds)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
writer.add_unk_token_id(0)
# A grammar begins where the template ends, without a space of the tokenizer's between them.
writer.add_add_space_prefix(False)

random = np.random.default_rng(7)
tensor = lambda name, *shape: writer.add_tensor(name, random.normal(0, 0.05, shape).astype(np.float32))
ones = lambda name: writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))
tensor("token_embd.weight", VOCABULARY, WIDTH)
tensor("output.weight", VOCABULARY, WIDTH)
ones("output_norm.weight")
for layer in range(LAYERS):
    for part in ["attn_q", "attn_k", "attn_v", "attn_output"]:
        tensor(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
    tensor(f"blk.{layer}.ffn_gate.weight", HIDDEN, WIDTH)
    tensor(f"blk.{layer}.ffn_up.weight", HIDDEN, WIDTH)
    tensor(f"blk.{layer}.ffn_down.weight", WIDTH, HIDDEN)
    ones(f"blk.{layer}.attn_norm.weight")
    ones(f"blk.{layer}.ffn_norm.weight")
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
