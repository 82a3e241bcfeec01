#!/usr/bin/env python3
"""Compares a model folder's logits between aludel and Hugging Face transformers, both in f32.

usage: transformers_check.py ALUDEL MODEL_FOLDER     (needs torch, transformers and safetensors from PyPI)
Exits 1 when any logit differs by more than 1e-3.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM

aludel, folder = sys.argv[1:3]
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
sys.exit(0 if worst <= 1e-3 else 1)
