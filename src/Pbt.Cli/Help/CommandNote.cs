using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Pbt.Cli.Help;

/// <summary>What the help and the documentation say of a command besides its arguments and options.</summary>
/// <param name="ExitCodes">What each exit code means, in ascending order.</param>
/// <param name="Example">A command line; docs/commands.md has all of them, one after the other, and a test runs them.</param>
internal sealed record CommandNote(ImmutableArray<(int Code, string Meaning)> ExitCodes, string Example)
{
    private const string Runs = "runs/example";

    private static readonly (int, string) BadRequest = (ExitCode.BadRequest, "bad usage, or what is named is not there");
    private static readonly (int, string) BadSpec = (ExitCode.BadRequest, "bad usage, a bad spec, or something that it needs is missing here");
    private static readonly (int, string) Unreachable = (ExitCode.Interrupted, "interrupted, or the database cannot be reached now");
    private static readonly (int, string) Interrupted = (ExitCode.Interrupted, "interrupted or stopped; it is safe to run again");
    private static readonly (int, string) Damaged = (ExitCode.Damaged, "the study's log is damaged");
    private static readonly (int, string) NothingYet = (ExitCode.StudyFailed, "no interval has completed yet");

    private static readonly FrozenDictionary<string, CommandNote> All = new Dictionary<string, CommandNote>(StringComparer.Ordinal)
    {
        ["init"] = Note("pbt init first.yaml", (ExitCode.Done, "the file is written"), BadRequest),
        ["validate"] = Note("pbt validate samples/quadratic/study.yaml", (ExitCode.Done, "the spec is valid"), (ExitCode.BadRequest, "it is not, or it is not there")),
        ["run"] = Training($"pbt run samples/quadratic/study.yaml --dir {Runs}"),
        ["worker"] = Note(
            $"pbt worker {Runs} --slots 2", (ExitCode.Done, "the study has ended"), BadSpec, Interrupted, Damaged,
            (ExitCode.InterruptedInVain, "interrupted before the study completed an interval; it is safe to run again")),
        ["status"] = Reading($"pbt status {Runs}"),
        ["watch"] = Note(
            $"pbt watch {Runs}", (ExitCode.Done, "the study is complete or was stopped"), (ExitCode.StudyFailed, "the study failed"), BadRequest,
            (ExitCode.Interrupted, "interrupted while the study goes on"), Damaged),
        ["show"] = Reading($"pbt show {Runs} m1 --interval 3"),
        ["best"] = Reading($"pbt best {Runs} --copy-to best-checkpoint", NothingYet),
        ["lineage"] = Reading($"pbt lineage {Runs}"),
        ["schedule"] = Reading($"pbt schedule {Runs} --export csv", NothingYet),
        ["replay"] = Training($"pbt replay {Runs} --seeds 2 --dir {Runs}-replay"),
        ["fork"] = Reading($"pbt fork {Runs} --at 19 --set budget.intervals=5 --dir {Runs}-fork"),
        ["verify"] = Note(
            $"pbt verify {Runs}", (ExitCode.Done, "every decision follows from the log, and every checkpoint is as it was"),
            (ExitCode.StudyFailed, "a decision does not follow"), BadRequest, Unreachable, (ExitCode.Damaged, "the log or a checkpoint is damaged")),
        ["simulate"] = Note("pbt simulate samples/zoo/deceptive-20.yaml --seeds 100", (ExitCode.Done, "done"), BadSpec),
        ["compare"] = Note(
            "pbt compare samples/zoo/deceptive-20.yaml --seeds 20 --against random", (ExitCode.Done, "done"), (ExitCode.StudyFailed, "a study failed"), BadSpec, Interrupted, Damaged),
        ["export"] = Reading($"pbt export {Runs} --format csv -o tables"),
        ["dashboard"] = Reading($"pbt dashboard {Runs}"),
        ["report"] = Reading($"pbt report {Runs} -o report.html"),
        ["sweep"] = Note(
            "pbt sweep samples/quadratic/sweep.yaml --dry-run", (ExitCode.Done, "every run is complete, or what was asked for is shown"),
            (ExitCode.StudyFailed, "a run failed"), BadSpec, Interrupted),
        ["pause"] = Steering($"pbt pause {Runs}-fork"),
        ["resume"] = Steering($"pbt resume {Runs}-fork"),
        ["stop"] = Steering($"pbt stop {Runs}-fork"),
        ["gc"] = Reading($"pbt gc {Runs} --dry-run"),
        ["copy"] = Reading($"pbt copy {Runs} copies/example"),
        ["completion"] = Note("pbt completion bash", (ExitCode.Done, "done"), BadRequest),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The note of a command; null for what is none of pbt's commands.</summary>
    public static CommandNote? Of(string command) => All.GetValueOrDefault(command);

    private static CommandNote Training(string example) =>
        Note(example, (ExitCode.Done, "the study is complete"), (ExitCode.StudyFailed, "the study failed"), BadSpec, Interrupted, Damaged);

    private static CommandNote Reading(string example, params ReadOnlySpan<(int, string)> more) =>
        Note(example, [(ExitCode.Done, "done"), .. more, BadRequest, Unreachable, Damaged]);

    private static CommandNote Steering(string example) =>
        Note(example, (ExitCode.Done, "done"), (ExitCode.BadRequest, "there is no such study, or it is not in a state for that"), Unreachable, Damaged);

    private static CommandNote Note(string example, params ReadOnlySpan<(int, string)> exitCodes) => new([.. exitCodes], example);
}
