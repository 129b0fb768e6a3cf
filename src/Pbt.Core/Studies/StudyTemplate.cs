using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>The spec that <c>pbt init</c> writes: complete, valid and commented.</summary>
public static class StudyTemplate
{
    private const string Name = "NAME";

    private const string Content = """
        # A study of Population Based Training. `pbt validate study.yaml` checks it; `pbt run study.yaml` runs it.

        name: NAME
        seed: 0                       # the key of every random draw
        population: 8                 # members
        mode: asynchronous            # or synchronous: all members end interval k before any begins k + 1

        # What is optimised: a metric that the trainer reports, and whether high is good (maximize) or low (minimize).
        objective: { metric: score, goal: maximize }

        # The unit of training between two chances to exploit. Or { seconds: 60 }.
        interval: { steps: 1000 }

        # The study ends at the first limit reached: intervals (of each member), score, wall_clock, total_steps.
        budget: { intervals: 20 }

        # Intervals that every member completes before it may exploit or explore.
        burn_in: { intervals: 0 }

        # The search space. Types: float, int, ordinal, categorical, bool. Scales: linear, log, one_minus_log.
        hyperparameters:
          learning_rate: { type: float, min: 1.0e-5, max: 1.0e-2, scale: log }
          discount: { type: float, min: 0.9, max: 0.9999, scale: one_minus_log }
          batch_size: { type: ordinal, values: [32, 64, 128, 256] }

        # How the first hyperparameters are chosen: random, latin_hypercube, or explicit with members: [...].
        initial: { strategy: random }

        # How the weak find a donor: truncation, binary_tournament, t_test or none.
        exploit: { strategy: truncation, top: 0.2, bottom: 0.2, inherit: weights_and_hyperparameters }

        # How hyperparameters move: perturb, resample, gaussian, pb2, pb2_mix, gpbt_pl or none.
        explore: { strategy: perturb, factors: [0.8, 1.2], resample_probability: 0.25, when: after_exploit }

        # What trains: one process for each interval. It loads {checkpoint_in} (empty at the start), trains {steps} steps,
        # saves into the directory {checkpoint_out}, and writes {"score": 1.5} to the file {result} or as the last line
        # that it prints. Each placeholder is an environment variable too: PBT_CHECKPOINT_IN and so on.
        # A list inside the list is dropped as a whole when a placeholder in it is empty.
        trainer:
          command:
            - python3
            - train.py
            - --lr={learning_rate}
            - --discount={discount}
            - --batch-size={batch_size}
            - ["--resume", "{checkpoint_in}"]
            - --save={checkpoint_out}
            - --steps={steps}
            - --seed={seed}
          working_directory: .
          env: { OMP_NUM_THREADS: "1" }
          timeout: 1h                 # of one interval
          max_attempts: 3             # of one interval, before its member is rescued by a donor

        # A second program that gives the score, if the trainer does not:
        # evaluate: { command: [python3, eval.py, "--load={checkpoint_out}"] }

        # What one worker uses: attempts at a time (slots), and GPUs: auto, none or a list such as [0, 1].
        resources: { slots: 2, gpus: auto, gpus_per_member: 1, members_per_gpu: 1 }

        # Checkpoints kept: the last of each member, the best of the study.
        checkpoints: { keep_last: 2, keep_best: 3 }

        backend: { kind: local }

        """;

    /// <summary>The text for a study of this name.</summary>
    /// <exception cref="ArgumentException">The name is no study's name.</exception>
    public static string Text(string name) => SpecNames.StudyObjection(name) is { } objection
        ? throw new ArgumentException($"'{name}': {objection}.", nameof(name))
        : Content.Replace($"name: {Name}", $"name: {Quoted(name)}", StringComparison.Ordinal);

    // A name such as 7 or true would read as something else.
    private static string Quoted(string name) =>
        new ScalarNode(default, name, quoted: false).Kind == ScalarKind.Text ? name : $"\"{name}\"";
}
