"""Writes a tiny GGUF file of each family of language models into a folder: the architecture, tokenizer, special tokens
and chat template of the real one, with random weights.

usage: make_models.py LAYOUTS_DIR OUT_DIR

The weights of the blocks are random and small; the last layer is arranged so that a certain token follows a certain
other one. So each model reads its prompt through all of its layers and then says what FAMILIES has it say.
"""
import sys
from pathlib import Path

import numpy as np
import gguf

WIDTH, HEADS, KV_HEADS, FF, LAYERS, CONTEXT = 64, 4, 2, 96, 2, 1024
HEAD = WIDTH // HEADS
RWKV_HEAD = 64  # as in all of them: the kernel of RWKV 7 takes no smaller one
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
LAYOUTS, OUT = map(Path, sys.argv[1:3])
RANDOM = np.random.default_rng(7)


def random(*ne, scale=0.02):
    """A tensor by its dimensions in GGML's order."""
    return (RANDOM.standard_normal(tuple(reversed(ne))) * scale).astype(np.float32)


def ones(*ne, value=1.0):
    return np.full(tuple(reversed(ne)), value, dtype=np.float32)


class Vocabulary:
    """Tokens, their kinds, and under which number each text is found."""

    def __init__(self):
        self.tokens, self.kinds = [], []

    def add(self, token, kind=NORMAL):
        self.tokens.append(token)
        self.kinds.append(kind)

    def id(self, token):
        return self.tokens.index(token)


def sentencepiece(family):
    vocabulary = Vocabulary()
    for token in family.get("first", ["<unk>", "<s>", "</s>"]):
        vocabulary.add(token, UNKNOWN if token == "<unk>" else CONTROL)
    for byte in range(256):
        vocabulary.add(f"<0x{byte:02X}>", BYTE)
    for character in "▁" + "".join(map(chr, range(33, 127))):
        vocabulary.add(character)
    return vocabulary, lambda text: "<0x0A>" if text == "\n" else text.replace(" ", "▁")


def bytes_to_characters():
    """Byte-level BPE writes each byte as a character that can be seen."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return {byte: chr(byte if byte in seen else next(others)) for byte in range(256)}


def byte_level(_):
    vocabulary, characters = Vocabulary(), bytes_to_characters()
    for byte in range(256):
        vocabulary.add(characters[byte])
    return vocabulary, lambda text: "".join(characters[byte] for byte in text.encode())


def rwkv_world(_):
    vocabulary = Vocabulary()
    vocabulary.add("<s>", CONTROL)
    for byte in range(256):
        vocabulary.add(repr(bytes([byte]))[2:-1])
    return vocabulary, lambda text: repr(text.encode())[2:-1]


def script(family, spell):
    """The tokens that follow each other: from the last one of the prompt to the one that ends the answer."""
    special = family.get("special", {})
    return [text if text in special or text in family.get("first", ()) else spell(text) for text in family["says"]]


def scripted_head(vocabulary, steps, tied):
    """Embeddings, output matrix (none where the embeddings serve as such) and weights of the last norm."""
    size, ids = len(vocabulary.tokens), [vocabulary.id(step) for step in steps]
    if not tied:
        embeddings = random(WIDTH, size, scale=1)
        embeddings -= embeddings.mean(axis=1, keepdims=True)
        output = np.zeros_like(embeddings)
        for now, then in zip(ids, ids[1:]):
            output[then] += embeddings[now]
        return embeddings, output, ones(WIDTH)
    # The same matrix on both sides is symmetric: each link is stronger than the one before it, and what a token adds
    # to its own score is taken off again in a dimension that counts negatively.
    half = WIDTH // 2
    embeddings, norm = random(WIDTH, size, scale=1), np.ones(WIDTH, dtype=np.float32)
    norm[:half], embeddings[:, half:], embeddings[ids, :half] = 0, 0, 0
    links = len(ids) - 1
    own = np.zeros(len(ids))
    for link in range(links):
        embeddings[ids[link : link + 2], half + link] = np.sqrt(link + 1)
        own[link : link + 2] += link + 1
    for place, token in enumerate(ids):
        embeddings[token, half + links + place] = np.sqrt(own[place])
        norm[half + links + place] = -1
    return embeddings, None, norm


def attention(t, b, width_kv=HEAD * KV_HEADS, bias=False):
    t[b + "attn_norm.weight"] = ones(WIDTH)
    t[b + "attn_output.weight"] = random(WIDTH, WIDTH)
    for name, width in (("q", WIDTH), ("k", width_kv), ("v", width_kv)):
        t[f"{b}attn_{name}.weight"] = random(WIDTH, width)
        if bias:
            t[f"{b}attn_{name}.bias"] = random(width)


def gated(t, b, suffix="", experts=(), ff=FF):
    for name, ne in (("gate", (WIDTH, ff)), ("up", (WIDTH, ff)), ("down", (ff, WIDTH))):
        t[f"{b}ffn_{name}{suffix}.weight"] = random(*ne, *experts)


def llama_block(t, b, family, layer):
    attention(t, b, bias=family["architecture"] == "qwen2")
    t[b + "ffn_norm.weight"] = ones(WIDTH)
    if family["architecture"] == "qwen3":
        t[b + "attn_q_norm.weight"], t[b + "attn_k_norm.weight"] = ones(HEAD), ones(HEAD)
    if family["architecture"] == "gemma2":
        t[b + "post_attention_norm.weight"] = t[b + "post_ffw_norm.weight"] = ones(WIDTH, value=0.02)
    if family.get("experts"):
        t[b + "ffn_gate_inp.weight"] = random(WIDTH, 4)
        gated(t, b, "_exps", (4,))
    else:
        gated(t, b)


def phi3_block(t, b, family, layer):
    t[b + "attn_norm.weight"], t[b + "ffn_norm.weight"] = ones(WIDTH), ones(WIDTH)
    t[b + "attn_qkv.weight"] = random(WIDTH, WIDTH + 2 * HEAD * KV_HEADS)
    t[b + "attn_output.weight"] = random(WIDTH, WIDTH)
    t[b + "ffn_up.weight"], t[b + "ffn_down.weight"] = random(WIDTH, 2 * FF), random(FF, WIDTH)


def classic_block(t, b, family, layer):
    """GPT-2, BLOOM and, without biases and with one norm only, Falcon."""
    falcon = family["architecture"] == "falcon"
    kv = HEAD * (KV_HEADS if falcon else HEADS)
    for name, ne in (("attn_qkv", (WIDTH, WIDTH + 2 * kv)), ("attn_output", (WIDTH, WIDTH)), ("ffn_up", (WIDTH, FF)), ("ffn_down", (FF, WIDTH))):
        t[f"{b}{name}.weight"] = random(*ne)
        if not falcon:
            t[f"{b}{name}.bias"] = random(ne[1])
    for name in ("attn_norm",) if falcon else ("attn_norm", "ffn_norm"):
        t[f"{b}{name}.weight"], t[f"{b}{name}.bias"] = ones(WIDTH), random(WIDTH)


def deepseek_block(t, b, family, layer):
    t[b + "ffn_norm.weight"] = ones(WIDTH)
    if family["architecture"] == "deepseek":
        attention(t, b)
    else:  # latent attention: 16 compressed dimensions, 8 that carry the position, 8 that don't
        t[b + "attn_norm.weight"], t[b + "attn_kv_a_norm.weight"], t[b + "attn_q_a_norm.weight"] = ones(WIDTH), ones(16), ones(24)
        t[b + "attn_q_a.weight"], t[b + "attn_q_b.weight"] = random(WIDTH, 24), random(24, HEADS * 16)
        t[b + "attn_kv_a_mqa.weight"] = random(WIDTH, 16 + 8)
        t[b + "attn_k_b.weight"], t[b + "attn_v_b.weight"] = random(8, 16, HEADS), random(16, 16, HEADS)
        t[b + "attn_output.weight"] = random(HEADS * 16, WIDTH)
    if layer == 0:
        gated(t, b)
    else:
        t[b + "ffn_gate_inp.weight"] = random(WIDTH, 4)
        gated(t, b, "_exps", (4,), 32)
        gated(t, b, "_shexp", (), 32)


def rwkv_block(t, b, family, layer):
    for norm in ("attn_norm", "attn_norm_2", "time_mix_ln"):
        t[f"{b}{norm}.weight"], t[f"{b}{norm}.bias"] = ones(WIDTH), random(WIDTH)
    for name in ("key", "value", "receptance", "output"):
        t[f"{b}time_mix_{name}.weight"] = random(WIDTH, WIDTH)
    t[b + "channel_mix_lerp_k.weight"] = random(WIDTH, 1, 1)
    t[b + "channel_mix_key.weight"], t[b + "channel_mix_value.weight"] = random(WIDTH, FF), random(FF, WIDTH)
    if family["architecture"] == "rwkv6":
        t[b + "time_mix_gate.weight"] = random(WIDTH, WIDTH)
        t[b + "time_mix_w1.weight"], t[b + "time_mix_w2.weight"] = random(WIDTH, 8 * 5), random(8, WIDTH, 5)
        for name in "xwkvrg":
            t[f"{b}time_mix_lerp_{name}.weight"] = random(WIDTH, 1, 1)
        t[b + "time_mix_first.weight"], t[b + "time_mix_decay.weight"] = random(RWKV_HEAD, WIDTH // RWKV_HEAD), random(WIDTH)
        t[b + "time_mix_decay_w1.weight"], t[b + "time_mix_decay_w2.weight"] = random(WIDTH, 8), random(8, WIDTH)
        t[b + "channel_mix_lerp_r.weight"], t[b + "channel_mix_receptance.weight"] = random(WIDTH, 1, 1), random(WIDTH, WIDTH)
    else:
        for name in "wavg":
            t[f"{b}time_mix_{name}1.weight"], t[f"{b}time_mix_{name}2.weight"] = random(WIDTH, 8), random(8, WIDTH)
            if name != "g":
                t[f"{b}time_mix_{name}0.weight"] = random(WIDTH)
        t[b + "time_mix_lerp_fused.weight"] = random(WIDTH, 1, 1, 6)
        for name in ("k_k", "k_a", "r_k"):
            t[f"{b}time_mix_{name}.weight"] = random(WIDTH)


BLOCKS = {"phi3": phi3_block, "falcon": classic_block, "bloom": classic_block, "gpt2": classic_block, "deepseek": deepseek_block,
          "deepseek2": deepseek_block, "rwkv6": rwkv_block, "rwkv7": rwkv_block}


def tensors(family, vocabulary, steps):
    architecture = family["architecture"]
    embeddings, output, norm = scripted_head(vocabulary, steps, architecture.startswith("gemma"))
    t = {"token_embd.weight": embeddings, "output_norm.weight": norm}
    if output is not None:
        t["output.weight"] = output
    if architecture in ("falcon", "bloom", "gpt2", "rwkv6", "rwkv7"):
        t["output_norm.bias"] = ones(WIDTH, value=0)
    if architecture in ("bloom", "rwkv6", "rwkv7"):
        t["token_embd_norm.weight"], t["token_embd_norm.bias"] = ones(WIDTH), ones(WIDTH, value=0)
    if architecture == "gpt2":
        t["position_embd.weight"] = random(WIDTH, CONTEXT)
    for layer in range(LAYERS):
        BLOCKS.get(architecture, llama_block)(t, f"blk.{layer}.", family, layer)
    return t


def parameters(writer, family):
    """The numbers of the architecture, under the names that its converter writes."""
    architecture = family["architecture"]
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FF)
    if architecture in ("rwkv6", "rwkv7"):
        writer.add_head_count(0)
        writer.add_layer_norm_eps(1e-5)
        writer.add_wkv_head_size(RWKV_HEAD)
    if architecture == "rwkv6":
        writer.add_rescale_every_n_layers(6)
        writer.add_time_mix_extra_dim(8)
        writer.add_time_decay_extra_dim(8)
    if architecture == "rwkv7":
        writer.add_decay_lora_rank(8)
        writer.add_iclr_lora_rank(8)
        writer.add_value_residual_mix_lora_rank(8)
        writer.add_gate_lora_rank(8)
    if architecture.startswith("rwkv"):
        return
    classic = architecture in ("bloom", "gpt2")
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS if classic else 1 if architecture == "deepseek2" else KV_HEADS)
    if classic or architecture == "falcon":
        writer.add_layer_norm_eps(1e-5)
    else:
        writer.add_layer_norm_rms_eps(1e-5)
    if architecture in ("gemma", "gemma2"):
        writer.add_key_length(HEAD)
        writer.add_value_length(HEAD)
    if architecture == "gemma2":
        writer.add_sliding_window(512)
        writer.add_attn_logit_softcapping(50.0)
        writer.add_final_logit_softcapping(30.0)
    if architecture == "granite":
        writer.add_logit_scale(8.0)
        writer.add_residual_scale(0.22)
        writer.add_embedding_scale(12.0)
        writer.add_attention_scale(0.015)
    if family.get("experts"):
        writer.add_expert_count(4)
        writer.add_expert_used_count(2)
    if architecture.startswith("deepseek"):
        writer.add_expert_feed_forward_length(32)
        writer.add_expert_shared_count(1)
        writer.add_leading_dense_block_count(1)
        writer.add_expert_weights_scale(1.0)
    if architecture == "deepseek2":
        writer.add_q_lora_rank(24)
        writer.add_kv_lora_rank(16)
        writer.add_key_length(16 + 8)
        writer.add_value_length(16)
        writer.add_key_length_mla(16)
        writer.add_value_length_mla(16)
        writer.add_rope_dimension_count(8)


def tokenizer(writer, family, vocabulary):
    special, kind = family.get("special", {}), family["tokenizer"]
    writer.add_tokenizer_model({"spm": "llama", "rwkv": "rwkv"}.get(kind, "gpt2"))
    if kind not in ("spm", "rwkv"):
        writer.add_tokenizer_pre(kind)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.kinds)
    if kind == "spm":
        writer.add_token_scores([-float(n) for n in range(len(vocabulary.tokens))])
    elif kind != "rwkv":
        writer.add_token_merges(["Ġ Ġ"])
    for role in ("bos", "eos", "eot", "unk"):
        token = family.get(role, "<unk>" if role == "unk" and kind == "spm" else None)
        if token is not None:
            getattr(writer, f"add_{role}_token_id")(vocabulary.id(token))
    writer.add_add_bos_token(family.get("bos") is not None and kind != "rwkv")
    writer.add_add_eos_token(False)
    if kind == "spm":
        writer.add_add_space_prefix(family.get("space", True))
    assert all(token in vocabulary.tokens for token in special)


def write(name, family):
    kind = family["tokenizer"]
    vocabulary, spell = {"spm": sentencepiece, "rwkv": rwkv_world}.get(kind, byte_level)(family)
    for token, of in family.get("special", {}).items():
        vocabulary.add(token, of)
    steps = script(family, spell)
    for step in steps:
        if step not in vocabulary.tokens:
            vocabulary.add(step)
    writer = gguf.GGUFWriter(OUT / f"{name}.gguf", family["architecture"])
    writer.add_name(family.get("name", name))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    parameters(writer, family)
    tokenizer(writer, family, vocabulary)
    if layout := family.get("layout"):
        writer.add_chat_template((LAYOUTS / f"{layout}.jinja").read_text())
    elif template := family.get("template"):
        writer.add_chat_template(template)
    for tensor, data in tensors(family, vocabulary, steps).items():
        writer.add_tensor(tensor, data)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def controls(*tokens):
    return dict.fromkeys(tokens, CONTROL)


def answer(last, end):
    """What a model says to a prompt whose last token is `last`."""
    return [last, "Seven", " days", ".", end]


LLAMA_2 = {"architecture": "llama", "tokenizer": "spm", "bos": "<s>", "eos": "</s>"}
CHATML = controls("<|endoftext|>", "<|im_start|>", "<|im_end|>")
GEMMA = {"tokenizer": "spm", "first": ["<pad>", "<eos>", "<bos>", "<unk>"], "special": controls("<start_of_turn>", "<end_of_turn>"),
         "bos": "<bos>", "eos": "<eos>", "space": False, "layout": "gemma", "says": answer("\n", "<end_of_turn>")}
MARKS = controls("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")
DEEPSEEK = {"special": MARKS, "bos": "<｜begin▁of▁sentence｜>", "eos": "<｜end▁of▁sentence｜>"}
RWKV = {"tokenizer": "rwkv", "bos": "<s>", "eos": "<s>", "special": {"\\n\\n": NORMAL}, "eot": "\\n\\n", "template": "rwkv-world",
        "says": answer(":", "\\n\\n")}
FALCON = {"architecture": "falcon", "tokenizer": "falcon", "special": controls("<|endoftext|>"), "eos": "<|endoftext|>"}
GPT_2 = {"architecture": "gpt2", "tokenizer": "gpt-2", "special": controls("<|endoftext|>"), "bos": None, "eos": "<|endoftext|>"}

FAMILIES = {
    "llama-2": LLAMA_2 | {"layout": "llama2", "says": answer("]", "</s>")},
    "llama-2-bare": LLAMA_2 | {"name": "Llama 2 7B Chat", "says": answer("]", "</s>")},
    "llama-3": {"architecture": "llama", "tokenizer": "llama-bpe", "layout": "llama3", "bos": "<|begin_of_text|>", "eos": "<|end_of_text|>",
                "special": controls("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
                "says": answer("\n", "<|eot_id|>")},
    "mistral": LLAMA_2 | {"layout": "mistral-v1", "says": answer("]", "</s>")},
    "mistral-v3": LLAMA_2 | {"layout": "mistral-v3", "special": controls("[INST]", "[/INST]"), "says": answer("[/INST]", "</s>")},
    "mistral-bare": LLAMA_2 | {"name": "mistralai_Mistral-7B-Instruct-v0.1", "says": answer("]", "</s>")},
    "mixtral": LLAMA_2 | {"layout": "mistral-v1", "experts": True, "says": answer("]", "</s>")},
    "mistral-nemo": {"architecture": "llama", "tokenizer": "tekken", "layout": "mistral-v3-tekken", "bos": "<s>", "eos": "</s>",
                     "special": controls("<s>", "</s>", "[INST]", "[/INST]"), "says": answer("[/INST]", "</s>")},
    "phi-3": {"architecture": "phi3", "tokenizer": "spm", "layout": "phi3", "bos": "<s>", "eos": "<|endoftext|>",
              "special": controls("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
              "says": answer("<|assistant|>", "<|end|>")},
    "phi-4": {"architecture": "phi3", "tokenizer": "gpt-4o", "layout": "phi4", "bos": "<|endoftext|>", "eos": "<|im_end|>",
              "special": CHATML | controls("<|im_sep|>"), "says": answer("<|im_sep|>", "<|im_end|>")},
    "gemma": GEMMA | {"architecture": "gemma"},
    "gemma-2": GEMMA | {"architecture": "gemma2"},
    "granite": {"architecture": "granite", "tokenizer": "refact", "layout": "granite", "bos": "<|end_of_text|>", "eos": "<|end_of_text|>",
                "special": controls("<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>"),
                "says": answer("<|end_of_role|>", "<|end_of_text|>")},
    "falcon": FALCON | {"name": "Falcon 7B Instruct", "says": answer(":", "<|endoftext|>")},
    "falcon-runs-on": FALCON | {"name": "falcon-7b-instruct", "says": [":", "Seven", " days", ".", "\n", "User:"]},
    "falcon-3": {"architecture": "llama", "tokenizer": "falcon3", "layout": "falcon3", "eos": "<|endoftext|>",
                 "special": controls("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>"), "says": answer("\n", "<|endoftext|>")},
    "tinyllama": LLAMA_2 | {"layout": "zephyr", "says": answer("<0x0A>", "</s>")},
    "orca-2": LLAMA_2 | {"special": dict.fromkeys(("<|im_start|>", "<|im_end|>"), USER_DEFINED), "says": answer("<0x0A>", "<|im_end|>")},
    "openhermes": LLAMA_2 | {"layout": "chatml", "special": controls("<|im_start|>", "<|im_end|>"), "eos": "<|im_end|>",
                             "says": answer("<0x0A>", "<|im_end|>")},
    # Files in which the marks of the turns are no tokens: the model spells them out.
    "openhermes-spells": LLAMA_2 | {"layout": "chatml", "says": ["<0x0A>", "Seven", " days", ".", "<|im", "_end|>"]},
    "qwen-2": {"architecture": "qwen2", "tokenizer": "qwen2", "layout": "chatml", "special": CHATML, "eos": "<|im_end|>",
               "says": answer("\n", "<|im_end|>")},
    "qwen-3": {"architecture": "qwen3", "tokenizer": "qwen2", "layout": "chatml", "special": CHATML, "eos": "<|im_end|>",
               "says": answer("\n", "<|im_end|>")},
    "smollm2": {"architecture": "llama", "tokenizer": "smollm", "layout": "chatml", "special": CHATML, "bos": "<|im_start|>", "eos": "<|im_end|>",
                "says": answer("\n", "<|im_end|>")},
    "deepseek-coder": DEEPSEEK | {"architecture": "llama", "tokenizer": "deepseek-coder", "layout": "deepseek", "special": MARKS | controls("<|EOT|>"),
                                  "eos": "<|EOT|>", "says": answer("\n", "<|EOT|>")},
    "deepseek-moe": DEEPSEEK | {"architecture": "deepseek", "tokenizer": "deepseek-llm", "layout": "deepseek2", "experts": True,
                                "says": answer(":", "<｜end▁of▁sentence｜>")},
    "deepseek-v2": DEEPSEEK | {"architecture": "deepseek2", "tokenizer": "deepseek-llm", "layout": "deepseek2", "experts": True,
                               "says": answer(":", "<｜end▁of▁sentence｜>")},
    "deepseek-r1": DEEPSEEK | {"architecture": "qwen2", "tokenizer": "deepseek-r1-qwen", "layout": "deepseek3",
                               "special": MARKS | controls("<｜User｜>", "<｜Assistant｜>"),
                               "says": answer("<｜Assistant｜>", "<｜end▁of▁sentence｜>")},
    "rwkv-6": RWKV | {"architecture": "rwkv6"},
    "rwkv-7": RWKV | {"architecture": "rwkv7"},
    "bloomz": {"architecture": "bloom", "tokenizer": "bloom", "bos": "<s>", "eos": "</s>", "special": controls("<unk>", "<s>", "</s>", "<pad>"),
               "unk": "<unk>", "says": answer(":", "</s>")},
    "distilgpt2": GPT_2 | {"says": answer(":", "<|endoftext|>")},
    "distilgpt2-runs-on": GPT_2 | {"says": [":", " Seven", " days", ".", "\n", "Question:"]},
}

if __name__ == "__main__":
    for name, family in FAMILIES.items():
        write(name, family)
