namespace Pbt.Core.Tests.Studies;

public sealed class SpecErrorTests
{
    [Theory]
    [InlineData("population", "many", "population", "expected an integer, found the text 'many'")]
    [InlineData("population", "1e2", "population", "found the number 1e2; write 100")]
    [InlineData("population", "0", "population", "0 is outside 1 … 100000")]
    [InlineData("population", "100001", "population", "100001 is outside 1 … 100000")]
    [InlineData("population", "1", "population", "nobody to copy from; write exploit: { strategy: none }")]
    [InlineData("population", "", "population", "expected an integer, found nothing")]
    [InlineData("population", null, "population", "is missing; write the number of members, such as population: 16")]
    [InlineData("name", null, "name", "is missing")]
    [InlineData("name", "7", "name", "expected a text, found the integer 7; quote it: \"7\"")]
    [InlineData("name", "a/b", "name", "letters (a to z), digits")]
    [InlineData("name", "..", "name", "begins with a letter or a digit")]
    [InlineData("seed", "-1", "seed", "-1 is below 0")]
    [InlineData("seed", "18446744073709551616", "seed", "is above 18446744073709551615")]
    [InlineData("mode", "synchronus", "mode", "there is no mode 'synchronus'; did you mean 'synchronous'?")]
    [InlineData("mode", "foo", "mode", "there is no mode 'foo'; known: asynchronous, synchronous")]
    [InlineData("compare", "lastest", "compare", "did you mean 'latest'?")]
    [InlineData("max_lead", "0", "max_lead", "0 is below 1")]
    [InlineData("burn_in", "{ intervals: -1 }", "burn_in.intervals", "-1 is below 0")]
    [InlineData("burn_in", "2", "burn_in", "expected a mapping, found the integer 2; its keys: intervals")]
    [InlineData("burn_in", "{}", "burn_in.intervals", "is missing; write burn_in: { intervals: N }")]
    [InlineData("lease", "500ms", "lease", "500ms is outside 1s … 1h")]
    [InlineData("lease", "2h", "lease", "2h is outside 1s … 1h")]
    [InlineData("lease", "soon", "lease", "expected a duration, found the text 'soon'; write it as 90s")]
    [InlineData("lease", "1m1h", "lease", "expected a duration")]
    [InlineData("lease", "-5s", "lease", "expected a duration")]
    [InlineData("lease", "99999999999999999999d", "lease", "expected a duration")]
    [InlineData("lease", "[]", "lease", "expected a duration, found a list")]
    [InlineData("preset", "sample_factory", "preset", "there is no preset 'sample_factory'; did you mean 'sample-factory'?")]
    [InlineData("preset", "optuna", "preset", "there is no preset 'optuna'; known: paper, ray, isaacgymenvs, isaaclab, sample-factory, dexpbt")]
    [InlineData("objective", null, "objective", "is missing; write objective: { metric: NAME, goal: maximize }")]
    [InlineData("objective", "{ metric: x, goal: minimise }", "objective.goal", "did you mean 'minimize'?")]
    [InlineData("objective", "{ metric: x }", "objective.goal", "is missing; write goal: maximize or goal: minimize")]
    [InlineData("objective", "{ metric: '', goal: minimize }", "objective.metric", "the metric has no name")]
    [InlineData("interval", null, "interval", "is missing; write interval: { steps: N }")]
    [InlineData("interval", "{}", "interval", "the interval has no length")]
    [InlineData("interval", "{ steps: 1, seconds: 1 }", "interval", "both steps and seconds are given; keep one")]
    [InlineData("interval", "{ steps: 0 }", "interval.steps", "0 is below 1")]
    [InlineData("interval", "{ steps: 99999999999999999999 }", "interval.steps", "99999999999999999999 is above 9223372036854775807")]
    [InlineData("interval", "{ seconds: -0.5 }", "interval.seconds", "-0.5 is not above 0")]
    [InlineData("interval", "{ seconds: .inf }", "interval.seconds", "it has to be finite")]
    [InlineData("interval", "{ seconds: 1e300 }", "interval.seconds", "too long")]
    [InlineData("budget", null, "budget", "is missing; write budget: { intervals: N }")]
    [InlineData("budget", "{}", "budget", "there is no limit, so the study would never end")]
    [InlineData("budget", "{ intervals: 0 }", "budget.intervals", "0 is below 1")]
    [InlineData("budget", "{ wall_clock: 0s }", "budget.wall_clock", "0s is not above 0")]
    [InlineData("budget", "{ total_steps: -1 }", "budget.total_steps", "-1 is below 1")]
    [InlineData("budget", "{ score: 1e999 }", "budget.score", "too large for a double")]
    [InlineData("checkpoints", "{ keep_last: 0 }", "checkpoints.keep_last", "0 is below 1")]
    [InlineData("checkpoints", "{ keep_best: -1 }", "checkpoints.keep_best", "-1 is below 0")]
    [InlineData("checkpoints", "{ store: /mnt/checkpoints }", "checkpoints.store", "a store's address is like s3://BUCKET/PREFIX")]
    [InlineData("checkpoints", "{ store: \"s3://key:secret@bucket/x\" }", "checkpoints.store", "credentials do not belong in a spec")]
    [InlineData("checkpoints", "{ store: \"s3://Bucket/x\" }", "checkpoints.store", "the bucket's name is no such name")]
    [InlineData("checkpoints", "{ store: \"s3://bucket/a/../b\" }", "checkpoints.store", "the prefix is made of")]
    [InlineData("checkpoints", "{ store: \"s3://bucket\", endpoint: \"https://key:secret@host\" }", "checkpoints.endpoint", "credentials do not belong in a spec")]
    [InlineData("checkpoints", "{ store: \"s3://bucket\", endpoint: \"https://host/bucket\" }", "checkpoints.endpoint", "an endpoint is a server only")]
    [InlineData("checkpoints", "{ store: \"s3://bucket\", endpoint: host }", "checkpoints.endpoint", "an endpoint is like")]
    [InlineData("checkpoints", "{ store: \"s3://bucket\", region: \"eu central\" }", "checkpoints.region", "a region is like")]
    [InlineData("checkpoints", "{ region: eu-central-1 }", "checkpoints.region", "it goes with store")]
    [InlineData("resources", "{ slots: 0 }", "resources.slots", "0 is below 1")]
    [InlineData("resources", "{ gpus: [0, -1] }", "resources.gpus[1]", "-1 is below 0")]
    [InlineData("resources", "{ gpus: [0, 1, 0] }", "resources.gpus[2]", "GPU 0 is listed twice")]
    [InlineData("resources", "{ gpus: all }", "resources.gpus", "expected auto, none or a list, found the text 'all'")]
    [InlineData("resources", "{ gpus: [] }", "resources.gpus", "the list is empty")]
    [InlineData("resources", "{ gpus: [0], gpus_per_member: 2 }", "resources.gpus_per_member", "a member needs 2 GPUs, but gpus lists 1")]
    [InlineData("resources", "{ members_per_gpu: 0 }", "resources.members_per_gpu", "0 is below 1")]
    [InlineData("backend", "{ kind: local, poll: 5s }", "backend.poll", "'poll' belongs to backend ngc, slurm, submit, not to local; remove it, or change the backend")]
    [InlineData("backend", "{ kind: slurm, partition: \"a\\nb\" }", "backend.partition", "it has to be on one line, without control characters")]
    [InlineData("backend", "{ kind: slurm, account: \"\" }", "backend.account", "the text is empty")]
    [InlineData("backend", "{ kind: slurm, time: 30s }", "backend.time", "30s is outside 1m … 365d")]
    [InlineData("backend", "{ kind: slurm, time: 1m, signal_ahead: 60s }", "backend.signal_ahead", "it is not below time")]
    [InlineData("backend", "{ kind: slurm, memory: 16GB }", "backend.memory", "'16GB' is nothing that Slurm knows here")]
    [InlineData("backend", "{ kind: slurm, gpus: \"a100:0\" }", "backend.gpus", "'a100:0' is nothing that Slurm knows here")]
    [InlineData("backend", "{ kind: slurm, gres: [\"a,b\"] }", "backend.gres[0]", "'a,b' is no generic resource")]
    [InlineData("backend", "{ kind: slurm, directives: [exclusive] }", "backend.directives[0]", "'exclusive' is no option of sbatch")]
    [InlineData("backend", "{ kind: slurm, directives: [\"--exclusive --array=0-3\"] }", "backend.directives[0]", "pbt sets --array itself")]
    [InlineData("backend", "{ kind: slurm, directives: [-Jx] }", "backend.directives[0]", "pbt sets -J itself: jobs are found again by their name")]
    [InlineData("backend", "{ kind: slurm, template: job.sh, setup: [x] }", "backend.setup", "a template has its own lines before the worker")]
    [InlineData("backend", "{ kind: slurm, throttle: 0 }", "backend.throttle", "0 is below 1")]
    [InlineData("backend", "{ kind: loca }", "backend.kind", "did you mean 'local'?")]
    [InlineData("backend", "{ kind: local, x: 1 }", "backend.x", "unknown key 'x'; known: kind")]
    [InlineData("backend", "{ knd: local }", "backend.knd", "did you mean 'kind'?")]
    public void A_root_key_is_checked(string key, string? value, string path, string message) => Expect(path, message, (key, value));

    [Theory]
    [InlineData("{ strategy: truncate }", "exploit.strategy", "did you mean 'truncation'?")]
    [InlineData("{ top: 0.6 }", "exploit.top", "0.6 is outside 0 … 0.5")]
    [InlineData("{ bottom: -0.1 }", "exploit.bottom", "-0.1 is outside 0 … 0.5")]
    [InlineData("{ significance: 0.1 }", "exploit.significance", "t_test, not to truncation")]
    [InlineData("{ strategy: none, inherit: weights }", "exploit.inherit", "truncation, not to none")]
    [InlineData("{ strategy: t_test, top: 0.1 }", "exploit.top", "truncation, not to t_test")]
    [InlineData("{ strategy: threshold, sigma: -1 }", "exploit.sigma", "-1 is below 0")]
    [InlineData("{ strategy: threshold, trim: 1 }", "exploit.trim", "1 would leave no score to measure; 0.2 is usual")]
    [InlineData("{ strategy: threshold, quorum: 1.5 }", "exploit.quorum", "1.5 is outside 0 … 1")]
    [InlineData("{ strategy: threshold, settle: 0 }", "exploit.settle", "0 is below 1")]
    [InlineData("{ strategy: threshold, below_top: 1 }", "exploit.below_top", "expected true or false, found the integer 1")]
    [InlineData("{ strategy: threshold, keep_own_hyperparameters: 2 }", "exploit.keep_own_hyperparameters", "2 is outside 0 … 1")]
    [InlineData("{ strategy: threshold, otherwise: mutate }", "exploit.otherwise", "there is no choice 'mutate'; known: keep, explore")]
    [InlineData("{ strategy: band, top: 0.1 }", "exploit.top", "not to band")]
    [InlineData("{ strategy: band, absolute: -0.1 }", "exploit.absolute", "-0.1 is below 0")]
    [InlineData("{ strategy: backtrack, candidates: 0 }", "exploit.candidates", "0 is below 1")]
    [InlineData("{ strategy: elitist_back_off, tolerance: -2 }", "exploit.tolerance", "-2 is below 0")]
    [InlineData("{ middle: explor }", "exploit.middle", "did you mean 'explore'?")]
    [InlineData("{ ties: higher }", "exploit.ties", "there is no order of ties 'higher'; known: lower_index, higher_index")]
    [InlineData("{ strategy: t_test, significance: 0 }", "exploit.significance", "0 is not between 0 and 1")]
    [InlineData("{ strategy: t_test, significance: 1 }", "exploit.significance", "1 is not between 0 and 1")]
    [InlineData("{ strategy: t_test, samples: 1 }", "exploit.samples", "1 is below 2")]
    [InlineData("{ inherit: weight }", "exploit.inherit", "did you mean 'weights'?")]
    [InlineData("{ stratgy: none }", "exploit.stratgy", "unknown key 'stratgy'; did you mean 'strategy'?")]
    public void Exploit_is_checked(string exploit, string path, string message) => Expect(path, message, ("exploit", exploit));

    [Theory]
    [InlineData("{ strategy: perturbe }", "explore.strategy", "did you mean 'perturb'?")]
    [InlineData("{ factors: [] }", "explore.factors", "there are no factors")]
    [InlineData("{ factors: [0.8, 0] }", "explore.factors[1]", "0 is not above 0")]
    [InlineData("{ factors: 0.8 }", "explore.factors", "expected a list, found the number 0.8; write factors: [0.8, 1.2]")]
    [InlineData("{ factors: [1.1], range: [1, 2] }", "explore.range", "both factors and range are given; keep one")]
    [InlineData("{ range: [1] }", "explore.range", "a range has two factors")]
    [InlineData("{ range: [1.2, 0.8] }", "explore.range", "1.2 is above 0.8; swap them")]
    [InlineData("{ range: [-1, 0.8] }", "explore.range[0]", "-1 is not above 0")]
    [InlineData("{ resample_probability: 1.5 }", "explore.resample_probability", "1.5 is outside 0 … 1")]
    [InlineData("{ zero_step: -1 }", "explore.zero_step", "-1 is outside 0 … 1")]
    [InlineData("{ strategy: gaussian, sigma: 0 }", "explore.sigma", "0 is not above 0")]
    [InlineData("{ strategy: gaussian, sigma_unit: rnge }", "explore.sigma_unit", "did you mean 'range'?")]
    [InlineData("{ strategy: command }", "explore.command", "is missing; write command")]
    [InlineData("{ strategy: command, command: [x, '{lr}'] }", "explore.command[1]", "{lr} is nothing that this program is told; there are {population}, {result}")]
    [InlineData("{ strategy: command, command: [x], history: 0 }", "explore.history", "0 is")]
    [InlineData("{ strategy: perturb, history: 5 }", "explore.history", "belongs to strategy command, not to perturb")]
    [InlineData("{ strategy: gaussian, factors: [1.1] }", "explore.factors", "belongs to strategy perturb, not to gaussian")]
    [InlineData("{ strategy: none, when: always }", "explore.when", "not to none")]
    [InlineData("{ when: allways }", "explore.when", "did you mean 'always'?")]
    public void Explore_is_checked(string explore, string path, string message) => Expect(path, message, ("explore", explore));

    [Theory]
    [InlineData("{ type: float, min: 0.01, max: 0.001 }", "", "min 0.01 is above max 0.001; swap them")]
    [InlineData("{ type: float, min: 0, max: 1, scale: log }", "", "min 0 is not above 0, which the log scale needs; change the bounds or the scale")]
    [InlineData("{ type: float, min: 0, max: 1, scale: one_minus_log }", "", "max 1 is not below 1")]
    [InlineData("{ type: float, min: -1e308, max: 1.7e308 }", "", "too wide")]
    [InlineData("{ type: float, min: 0, max: 1, scale: logg }", ".scale", "did you mean 'log'?")]
    [InlineData("{ type: float, min: 0 }", ".max", "is missing; a float needs min and max")]
    [InlineData("{ type: float, min: 0, max: 1, values: [1] }", ".values", "'values' belongs to type categorical, ordinal, not to float")]
    [InlineData("{ type: int, min: 0, max: 1.5 }", ".max", "expected an integer, found the number 1.5")]
    [InlineData("{ type: int, min: 3, max: 2 }", "", "min 3 is above max 2; swap them")]
    [InlineData("{ type: int, min: 0, max: 2, scale: log }", "", "which the log scale needs")]
    [InlineData("{ type: int, min: -2, max: 0, scale: one_minus_log }", "", "no one_minus_log scale")]
    [InlineData("{ type: int, min: 0, max: 9223372036854775808 }", ".max", "9223372036854775808 is above 9223372036854775807")]
    [InlineData("{ type: flaot, min: 0, max: 1 }", ".type", "there is no type 'flaot'; did you mean 'float'?")]
    [InlineData("{ min: 0, max: 1 }", ".type", "is missing; write one of float, int, ordinal, categorical, bool")]
    [InlineData("{ type: ordinal, values: [] }", ".values", "there are no values")]
    [InlineData("{ type: ordinal, values: [1, 2, 1] }", ".values[2]", "the value 1 is listed twice")]
    [InlineData("{ type: categorical }", ".values", "is missing")]
    [InlineData("{ type: categorical, values: [[a]] }", ".values[0]", "expected a number, a text, true or false, found a list")]
    [InlineData("{ type: categorical, values: [.nan] }", ".values[0]", "found the number .nan")]
    [InlineData("{ type: bool, min: 0 }", ".min", "belongs to type float, int, not to bool")]
    [InlineData("{ type: bool, tpye: 0 }", ".tpye", "did you mean 'type'?")]
    [InlineData("float", "", "expected a mapping, found the text 'float'")]
    public void Hyperparameters_are_checked(string definition, string path, string message) =>
        Expect("hyperparameters.lr" + path, message, ("hyperparameters", $"{{ lr: {definition} }}"));

    [Theory]
    [InlineData("1lr", "does not begin with a digit or a dash")]
    [InlineData("-lr", "does not begin with a digit or a dash")]
    [InlineData("l r", "letters (a to z), digits")]
    [InlineData("größe", "letters (a to z), digits")]
    [InlineData("steps", "'steps' is the name of a built-in placeholder")]
    public void Names_of_hyperparameters_are_checked(string name, string message) =>
        Expect("hyperparameters." + name, message, ("hyperparameters", $"{{ \"{name}\": {{ type: bool }} }}"), ("trainer", "{ command: [x] }"));

    [Theory]
    [InlineData("{ strategy: mutate_defaults }", "initial.strategy", "there is none for lr, epochs, opt; write default: VALUE in each definition")]
    [InlineData("{ candidates: 2 }", "initial.candidates", "2 candidates are no more than the population of 2; write more")]
    [InlineData("{ candidates: 0 }", "initial.candidates", "0 is outside 1 … 100000")]
    [InlineData("{ candidate_intervals: 2 }", "initial.candidate_intervals", "there are no candidates; write candidates too")]
    [InlineData("{ candidates: 3, candidate_intervals: 0 }", "initial.candidate_intervals", "0 is below 1")]
    [InlineData("{ candidates: 3, candidate_intervals: 10 }", "budget", "the candidates train 10 intervals before the members are chosen, and the budget is 10; give the budget more intervals")]
    [InlineData("{ strategy: explicit, candidates: 3, members: [ &M, &M ] }", "initial.members", "there are 2 members, but the candidates are 3")]
    [InlineData("{ strategy: randm }", "initial.strategy", "did you mean 'random'?")]
    [InlineData("{ members: [] }", "initial.members", "belongs to strategy explicit, not to random")]
    [InlineData("{ strategy: explicit }", "initial.members", "is missing")]
    [InlineData("{ strategy: explicit, members: [ { lr: 1.0e-3, epochs: 1, opt: sgd } ] }", "initial.members", "there are 1 members, but the population is 2")]
    [InlineData("{ strategy: explicit, members: [ &M, { lr: 1.0e-3 } ] }", "initial.members[1]", "the member lacks epochs, opt")]
    [InlineData("{ strategy: explicit, members: [ &M, { lr: 1.0e-3, epochs: 1, opt: sgd, lrr: 1 } ] }", "initial.members[1].lrr", "there is no hyperparameter 'lrr'; did you mean 'lr'?")]
    [InlineData("{ strategy: explicit, members: [ &M, { lr: 1, epochs: 1, opt: sgd } ] }", "initial.members[1].lr", "the integer 1 is not a float from 1E-05 to 0.01")]
    [InlineData("{ strategy: explicit, members: [ &M, { lr: 1.0e-3, epochs: 1.0, opt: sgd } ] }", "initial.members[1].epochs", "the number 1.0 is not an int from 1 to 10")]
    [InlineData("{ strategy: explicit, members: [ &M, { lr: 1.0e-3, epochs: 1, opt: adan } ] }", "initial.members[1].opt", "the text 'adan' is not one of adam, sgd")]
    [InlineData("{ strategy: explicit, members: [ &M, 5 ] }", "initial.members[1]", "expected a mapping, found the integer 5")]
    [InlineData("{ checkpoint: '' }", "initial.checkpoint", "the path is empty")]
    [InlineData("{ checkpoint: \"a\\0b\" }", "initial.checkpoint", "NUL")]
    public void Initial_is_checked(string initial, string path, string message) => Expect(
        path,
        message,
        ("population", "2"),
        ("initial", initial.Replace("&M", "{ lr: 1.0e-3, epochs: 1, opt: sgd }", StringComparison.Ordinal)));

    [Theory]
    [InlineData("{}", "objective.smoothing.strategy", "is missing; write smoothing: { strategy: mean, window: 3 }")]
    [InlineData("{ strategy: median }", "objective.smoothing.strategy", "did you mean 'mean'?")]
    [InlineData("{ strategy: mean }", "objective.smoothing.window", "is missing; write how many scores are averaged")]
    [InlineData("{ strategy: mean, window: 0 }", "objective.smoothing.window", "0 is below 1")]
    [InlineData("{ strategy: mean, window: 3, alpha: 0.5 }", "objective.smoothing.alpha", "'alpha' belongs to strategy exponential, not to mean")]
    [InlineData("{ strategy: exponential }", "objective.smoothing.alpha", "is missing; write the weight of the newest score")]
    [InlineData("{ strategy: exponential, alpha: 0 }", "objective.smoothing.alpha", "0 is not above 0 and at most 1")]
    [InlineData("{ strategy: exponential, alpha: 1.5 }", "objective.smoothing.alpha", "1.5 is not above 0 and at most 1")]
    public void Smoothing_is_checked(string smoothing, string path, string message) =>
        Expect(path, message, ("objective", $"{{ metric: m, goal: maximize, smoothing: {smoothing} }}"));

    [Theory]
    [InlineData("{ type: float, min: 0.1, max: 0.2, default: 0.3 }", "the number 0.3 is not a float from 0.1 to 0.2; give a default within the definition, or widen it")]
    [InlineData("{ type: int, min: 1, max: 9, default: 1.5 }", "the number 1.5 is not an int from 1 to 9")]
    [InlineData("{ type: ordinal, values: [1, 2], default: 3 }", "the integer 3 is not one of 1, 2")]
    [InlineData("{ type: categorical, values: [a, b], default: c }", "the text 'c' is not one of a, b")]
    [InlineData("{ type: bool, default: 1 }", "the integer 1 is not true or false")]
    public void A_default_lies_in_its_definition(string definition, string message) =>
        Expect("hyperparameters.lr.default", message, ("hyperparameters", $"{{ lr: {definition} }}"));

    [Fact]
    public void Candidates_leave_steps_to_the_members() => Expect(
        "budget",
        "the candidates take 800 steps before the members are chosen, and the budget's total_steps is 800; raise it",
        ("initial", "{ candidates: 8 }"),
        ("budget", "{ total_steps: 800 }"));

    [Fact]
    public void Sobol_has_64_dimensions() => Expect(
        "initial.strategy",
        "sobol is for at most 64 hyperparameters, and there are 65; write strategy: latin_hypercube",
        ("hyperparameters", $"{{ {string.Join(", ", Enumerable.Range(0, 65).Select(static i => $"x{i}: {{ type: bool }}"))} }}"),
        ("trainer", "{ command: [x] }"),
        ("initial", "{ strategy: sobol }"));

    [Theory]
    [InlineData("{ protocol: session }", "trainer.command", "is missing")]
    [InlineData("{ protocol: session, command: [x, '{seed}'] }", "trainer.command[1]", "{seed} is not known yet when a session's trainer starts")]
    [InlineData("{ protocol: session, command: [x], env: { A: '{lr}' } }", "trainer.env.A", "is not known yet when a session's trainer starts")]
    [InlineData("{ protocol: session, command: [x], score: { from: result_file } }", "trainer.score", "'score' belongs to kind of trainer command, not to session")]
    [InlineData("{ command: [x], silence: 1m }", "trainer.silence", "'silence' belongs to kind of trainer session, not to command")]
    [InlineData("{ protocol: session, command: [x], start_timeout: 0s }", "trainer.start_timeout", "")]
    [InlineData("{ protocol: sesion }", "trainer.protocol", "did you mean 'session'?")]
    [InlineData("{}", "trainer", "nothing says what trains")]
    [InlineData("{ protocol: command }", "trainer.command", "is missing")]
    [InlineData("{ protocol: in_process, command: [x] }", "trainer.command", "'command' belongs to kind of trainer command, session, not to in_process")]
    [InlineData("{ command: [x], builtin: plain }", "trainer.command", "belongs to kind of trainer command, session, not to builtin")]
    [InlineData("{ command: [] }", "trainer.command", "the command is empty")]
    [InlineData("{ command: [''] }", "trainer.command[0]", "the program has no name")]
    [InlineData("{ command: [[x]] }", "trainer.command[0]", "the program itself cannot be in a group")]
    [InlineData("{ command: [x, []] }", "trainer.command[1]", "the group has no arguments")]
    [InlineData("{ command: [x, [[y]]] }", "trainer.command[1][0]", "expected a text, found a list")]
    [InlineData("{ command: [x, ~] }", "trainer.command[1]", "expected a text, found nothing; quote an empty text")]
    [InlineData("{ command: python3 train.py }", "trainer.command", "expected a list, found the text 'python3 train.py'; no shell splits it")]
    [InlineData("{ command: [x, {lr}] }", "trainer.command[1]", "expected a text, found a mapping; quote a placeholder: \"{lr}\"")]
    [InlineData("{ command: [x, '{lrr}'] }", "trainer.command[1]", "{lrr} names no hyperparameter and nothing built in; did you mean {lr}? hyperparameters: lr, epochs, opt; built in: checkpoint_in, checkpoint_out, steps,")]
    [InlineData("{ command: [x, [--save, '{checkpoint}']] }", "trainer.command[1][1]", "{checkpoint} names no hyperparameter")]
    [InlineData("{ command: [x, '{lr'] }", "trainer.command[1]", "'{lr': a '{' is never closed; write {{ for a literal brace")]
    [InlineData("{ command: [x, 'lr}'] }", "trainer.command[1]", "a '}' closes nothing; write }}")]
    [InlineData("{ command: [x, '{}'] }", "trainer.command[1]", "a placeholder {} has no name")]
    [InlineData("{ command: [x, '{\"a\": 1}'] }", "trainer.command[1]", "write {{ and }} for literal braces")]
    [InlineData("{ command: [x, \"a\\0b\"] }", "trainer.command[1]", "NUL")]
    [InlineData("{ command: [x], env: { A: '{sed}' } }", "trainer.env.A", "did you mean {seed}?")]
    [InlineData("{ command: [x], env: { A=B: 1 } }", "trainer.env.A=B", "no '='")]
    [InlineData("{ command: [x], env: { A: [] } }", "trainer.env.A", "expected a text, found a list")]
    [InlineData("{ command: [x], env: { A: { from_enviroment: KEY } } }", "trainer.env.A.from_enviroment", "did you mean 'from_environment'?")]
    [InlineData("{ command: [x], env: { A: { from_environment: $KEY } } }", "trainer.env.A.from_environment", "without '$'")]
    [InlineData("{ command: [x], env: { A: { from_environment: 7 } } }", "trainer.env.A.from_environment", "expected a text")]
    [InlineData("{ command: [x], env: { A: { from_environment: [] } } }", "trainer.env.A.from_environment", "expected a text")]
    [InlineData("{ command: [x], env: { A: {} } }", "trainer.env.A.from_environment", "is missing; write { from_environment: NAME }")]
    [InlineData("{ command: [x], env: { A: { lr: } } }", "trainer.env.A", "quote a placeholder: \"{lr}\"")]
    [InlineData("{ command: [x], env: { PATH: { from_environment: OTHER } } }", "trainer.env.PATH", "no secret")]
    [InlineData("{ command: [x], env: { A: 1, A: 2 } }", "trainer.env.A", "the key 'A' is given twice")]
    [InlineData("{ command: [x], timeout: -1 }", "trainer.timeout", "expected a duration")]
    [InlineData("{ command: [x], timeout: 0 }", "trainer.timeout", "0 is not above 0")]
    [InlineData("{ command: [x], max_attempts: 0 }", "trainer.max_attempts", "0 is below 1")]
    [InlineData("{ command: [x], score: { from: stdout } }", "trainer.score.from", "there is no source of a score 'stdout'; known: auto, result_file, last_json_line")]
    [InlineData("{ command: [x], score: {} }", "trainer.score", "write either from")]
    [InlineData("{ command: [x], score: { from: auto, regex: '(.)' } }", "trainer.score", "write either from")]
    [InlineData("{ command: [x], score: { regex: 'a(' } }", "trainer.score.regex", "the regular expression does not compile")]
    [InlineData("{ command: [x], score: { regex: 'a' } }", "trainer.score.regex", "the regular expression has no group")]
    [InlineData("{ command: [x], working_directory: 5 }", "trainer.working_directory", "expected a text, found the integer 5")]
    [InlineData("{ builtin: quadratic, env: {} }", "trainer.env", "belongs to kind of trainer command, session, not to builtin")]
    [InlineData("{ builtin: triangel }", "trainer.builtin", "did you mean 'triangle'?")]
    [InlineData("{ builtin: plain }", "trainer.builtin", "the built-in trainer plain needs the float hyperparameter 'h', which is not defined")]
    [InlineData("{ comand: [x] }", "trainer", "nothing says what trains")]
    public void Trainer_is_checked(string trainer, string path, string message)
    {
        var errors = Specs.Errors(Specs.Yaml(("trainer", trainer)));

        Assert.Contains(errors, e => string.Equals(e.Path, path, StringComparison.Ordinal) && e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_builtin_trainer_needs_floats() => Expect(
        "trainer.builtin",
        "needs 'h' to be a float; it is an int from 0 to 1",
        ("hyperparameters", "{ h: { type: int, min: 0, max: 1 } }"),
        ("trainer", "{ builtin: deceptive }"));

    [Theory]
    [InlineData("{}", "evaluate.command", "is missing")]
    [InlineData("{ command: [x, '{lrr}'] }", "evaluate.command[1]", "did you mean {lr}?")]
    [InlineData("{ command: [x], tiemout: 3s }", "evaluate.tiemout", "did you mean 'timeout'?")]
    [InlineData("{ command: [x], score: { regex: '[' } }", "evaluate.score.regex", "does not compile")]
    public void Evaluate_is_checked(string evaluate, string path, string message) => Expect(path, message, ("evaluate", evaluate));

    [Fact]
    public void Max_lead_has_no_meaning_in_a_synchronous_study() =>
        Expect("max_lead", "remove max_lead", ("mode", "synchronous"), ("max_lead", "2"));

    [Fact]
    public void An_unknown_key_is_named_with_the_nearest_known_one() =>
        Assert.Equal(
            "study.yaml:8:1: populaton: unknown key 'populaton'; did you mean 'population'?",
            Specs.Error(("populaton", "3")).ToString());

    [Fact]
    public void A_key_given_twice_is_named_with_the_line_of_the_first()
    {
        var error = Assert.Single(Specs.Errors(Specs.Yaml() + "population: 5\n"));

        Assert.Equal("study.yaml:8:1: population: the key 'population' is given twice; the first is at line 2", error.ToString());
    }

    [Fact]
    public void Line_and_column_are_those_of_the_value()
    {
        var error = Specs.Error(("exploit", "\n  strategy: truncation\n  top: 0.9"));

        Assert.Equal((10, 8), (error.Line, error.Column));
    }

    [Fact]
    public void All_errors_are_reported_in_the_order_of_the_file()
    {
        var errors = Specs.Errors(Specs.Yaml(
            ("population", "many"),
            ("budget", "{}"),
            ("trainer", "{ command: [x, \"{lrr}\", \"{\"] }"),
            ("exploit", "{ top: 2, bottom: 2 }"),
            ("foo", "1")));

        Assert.Equal(
            "population budget trainer.command[1] trainer.command[2] exploit.top exploit.bottom foo",
            string.Join(' ', errors.Select(static e => e.Path)));
    }

    [Fact]
    public void A_fault_in_one_hyperparameter_makes_no_placeholder_unknown() =>
        Expect("hyperparameters.lr.type", "there is no type", ("hyperparameters", "{ lr: { type: x } }"));

    [Fact]
    public void A_relative_folder_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => Pbt.Core.Studies.SpecReader.Read("", "study.yaml", "relative"));

    private static void Expect(string path, string message, params (string Key, string? Value)[] changes)
    {
        var error = Specs.Error(changes);

        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_in_trainer_is_not_evaluated_by_a_second_program()
    {
        var errors = Specs.Errors(Specs.Yaml(
            ("trainer", "{ builtin: triangle }"),
            ("hyperparameters", "{ lr: { type: float, min: 1.0e-4, max: 0.02 } }"),
            ("evaluate", "{ command: [python3, eval.py] }")));
        Assert.Contains(errors, static e => e.Message.Contains("only a trainer with a command", StringComparison.Ordinal));
    }

    [Fact]
    public void A_built_in_trainer_counts_in_steps()
    {
        var errors = Specs.Errors(Specs.Yaml(
            ("trainer", "{ builtin: triangle }"),
            ("hyperparameters", "{ lr: { type: float, min: 1.0e-4, max: 0.02 } }"),
            ("interval", "{ seconds: 5 }")));
        Assert.Contains(errors, static e => e.Message.Contains("counts in steps", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[0.01]", "two values")]
    [InlineData("[0.01, 0.001]", "above its second")]
    [InlineData("[0.001, 5]", "not within min and max")]
    public void An_initial_range_lies_within_the_bounds(string range, string message)
    {
        var errors = Specs.Errors(Specs.Yaml(("hyperparameters", $"{{ lr: {{ type: float, min: 1.0e-4, max: 0.02, initial_range: {range} }} }}")));
        Assert.Contains(errors, e => e.Message.Contains(message, StringComparison.Ordinal));
    }
}
