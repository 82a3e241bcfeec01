#!/usr/bin/env python3
"""Holds an exported model folder against Hugging Face transformers.

usage: transformers_check.py ALUDEL MODEL_FOLDER [--no-logits]
    needs transformers and jinja2 from PyPI, and torch and safetensors unless --no-logits is given

1. AutoTokenizer's apply_chat_template must give the ids of `aludel tokenizer encode --chat`, plain texts those of
   `aludel tokenizer encode`, and GenerationConfig the stop ids; skipped for a folder without a chat template.
2. The logits of both in f32 must be within 1e-3. Exits 1 when something differs.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from transformers import AutoConfig, AutoTokenizer, GenerationConfig

CHATS = [
    [{"role": "user", "content": "Who are you?"}],
    [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "  two\n\nlines, 12 spaces   \n"}],
    [
        {"role": "user", "content": "你好，世界！ 3.14"},
        {"role": "assistant", "content": "你好！有什么可以帮你？"},
        {"role": "user", "content": "\tpip install --user 'x>=1.0' \U0001f600 naïve"},
    ],
    [{"role": "user", "content": ""}],
]


def encode(aludel, folder, rows, *flags):
    """The ids of each row by `aludel tokenizer encode`."""
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    words = [aludel, "tokenizer", "encode", "--model", folder, *flags]
    out = subprocess.run(words, input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line)["ids"] for line in out.splitlines()]


def check_tokenizer(aludel, folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if not tokenizer.chat_template:
        print("no chat template: tokenizer not compared")
        return True
    theirs = [
        list(tokenizer(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True))["input_ids"])
        for chat in CHATS
    ]
    direct = [tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=False) for chat in CHATS]
    ours = encode(aludel, folder, [{"messages": chat} for chat in CHATS], "--chat")
    texts = [message["content"] for chat in CHATS for message in chat]
    plain = [list(tokenizer(text)["input_ids"]) for text in texts] == encode(aludel, folder, [{"text": t} for t in texts])
    generation = GenerationConfig.from_pretrained(folder)
    stops = {tokenizer.convert_tokens_to_ids(piece) for piece in ("<|endoftext|>", "<|im_end|>")}
    result = {
        "chat ids": ours == theirs == direct,
        "plain ids": plain,
        "round trip": [tokenizer.decode(ids, skip_special_tokens=False) for ids in encode(aludel, folder, [{"text": t} for t in texts])] == texts,
        "stop ids": set(generation.eos_token_id) == stops,
        "padding": tokenizer.pad_token == "<unk>" and tokenizer.eos_token == "<|endoftext|>",
    }
    print(", ".join(f"{name}: {'same' if same else 'DIFFERENT'}" for name, same in result.items()))
    return all(result.values())


def check_logits(aludel, folder):
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM

    vocabulary = AutoConfig.from_pretrained(folder).vocab_size
    ids = torch.randint(0, vocabulary, (96,), generator=torch.Generator().manual_seed(1)).tolist()
    with tempfile.TemporaryDirectory() as work:
        ids_path = pathlib.Path(work) / "ids.json"
        out_path = pathlib.Path(work) / "logits.safetensors"
        ids_path.write_text(json.dumps(ids))
        subprocess.run([aludel, "logits", folder, "--ids", ids_path, "--out", out_path], check=True)
        ours = load_file(out_path)["logits"]
    model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32)
    with torch.no_grad():
        theirs = model(torch.tensor([ids])).logits[0]
    worst = (ours - theirs).abs().max().item()
    print(f"{model.config.architectures[0]}: {tuple(ours.shape)} logits, largest difference {worst:.2e}")
    return worst <= 1e-3


program, model_folder = sys.argv[1:3]
good = check_tokenizer(program, model_folder)
if "--no-logits" not in sys.argv:
    good = check_logits(program, model_folder) and good
sys.exit(0 if good else 1)
