"""Stands in for a script of Hugging Face's Trainer: its arguments and its files, with a model of one weight.

Optimizer, schedule and their states are PyTorch's own, handled as the Trainer handles them: what is in the checkpoint wins.
"""

import argparse
import json
from pathlib import Path

import torch

parser = argparse.ArgumentParser()
for flag in ("--learning_rate", "--weight_decay"):
    parser.add_argument(flag, type=float)
for flag in ("--max_steps", "--save_steps", "--seed"):
    parser.add_argument(flag, type=int)
for flag in ("--resume_from_checkpoint", "--output_dir", "--lr_scheduler_type", "--save_strategy", "--do_train", "--do_eval", "--ignore_data_skip"):
    parser.add_argument(flag)
args, _ = parser.parse_known_args()

weight, bias = torch.nn.Parameter(torch.zeros(1)), torch.nn.Parameter(torch.zeros(1))
groups = [{"params": [weight], "weight_decay": args.weight_decay}, {"params": [bias], "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, lr=args.learning_rate)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 1.0)
torch.manual_seed(args.seed)
step = 0
if args.resume_from_checkpoint:
    folder = Path(args.resume_from_checkpoint)
    with torch.no_grad():
        weight.copy_(torch.load(folder / "model.pt"))
    optimizer.load_state_dict(torch.load(folder / "optimizer.pt"))
    scheduler.load_state_dict(torch.load(folder / "scheduler.pt"))
    step = json.loads((folder / "trainer_state.json").read_text())["global_step"]
    if (folder / "rng_state.pth").exists():
        torch.set_rng_state(torch.load(folder / "rng_state.pth"))

print(f"draw {torch.rand(1).item()}")
while step < args.max_steps:
    optimizer.zero_grad()
    ((weight + bias - 1) ** 2).sum().backward()
    optimizer.step()
    scheduler.step()
    step += 1
    if step % args.save_steps == 0:
        folder = Path(args.output_dir, f"checkpoint-{step}")
        folder.mkdir(parents=True)
        torch.save(weight.detach(), folder / "model.pt")
        torch.save(optimizer.state_dict(), folder / "optimizer.pt")
        torch.save(scheduler.state_dict(), folder / "scheduler.pt")
        torch.save(torch.get_rng_state(), folder / "rng_state.pth")
        (folder / "trainer_state.json").write_text(json.dumps({"global_step": step}))

decays = [group["weight_decay"] for group in optimizer.param_groups]
print(f"steps {step} lr {optimizer.param_groups[0]['lr']} {scheduler.get_last_lr()[1]} decay {decays[0]} {decays[1]}")
Path(args.output_dir, "eval_results.json").write_text(json.dumps({"eval_accuracy": weight.item(), "eval_samples": 1}))
