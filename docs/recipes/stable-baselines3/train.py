"""One interval of PPO on CartPole, by Stable-Baselines3: all that pbt needs is taken from its environment variables."""

import json
import os
from pathlib import Path

import gymnasium
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor

hyperparameters = json.loads(Path(os.environ["PBT_HYPERPARAMETERS"]).read_text())
checkpoint_in, checkpoint_out = os.environ["PBT_CHECKPOINT_IN"], Path(os.environ["PBT_CHECKPOINT_OUT"])
seed, steps = int(os.environ["PBT_SEED"]), int(os.environ["PBT_STEPS"])

env = Monitor(gymnasium.make("CartPole-v1"))
if checkpoint_in:
    # What is given to load() takes the place of what was saved, the learning rate included.
    model = PPO.load(Path(checkpoint_in) / "model.zip", env=env, seed=seed, **hyperparameters)
else:
    model = PPO("MlpPolicy", env, seed=seed, **hyperparameters)

before = model.num_timesteps
model.learn(steps, reset_num_timesteps=False)
model.save(checkpoint_out / "model.zip")

returns, _ = evaluate_policy(model, Monitor(gymnasium.make("CartPole-v1")), n_eval_episodes=20, return_episode_rewards=True)
result = {"score": sum(returns) / len(returns), "samples": returns, "steps": model.num_timesteps - before}
Path(os.environ["PBT_RESULT"]).write_text(json.dumps(result))
