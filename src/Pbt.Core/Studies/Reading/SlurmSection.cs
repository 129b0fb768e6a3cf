using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads what a <c>backend</c> of the kind slurm says besides what all jobs have in common.</summary>
internal static partial class SlurmSection
{
    /// <summary>Its keys.</summary>
    public static readonly ImmutableArray<string> Keys = [
        "partition", "account", "qos", "time", "nodes", "cpus_per_worker", "memory", "gpus", "gres", "constraint", "directives", "setup", "template",
        "throttle", "signal_ahead", "requeue"];

    private static readonly TimeSpan LongestAhead = TimeSpan.FromSeconds(65535);

    // What says which jobs are the study's, and when they are told of their end, is not the user's to change.
    private static readonly (string Option, string Instead)[] Reserved =
    [
        ("--array", "there are as many workers as resources.slots asks for"), ("-a", "there are as many workers as resources.slots asks for"),
        ("--job-name", "jobs are found again by their name"), ("-J", "jobs are found again by their name"),
        ("--comment", "it holds the study's directory"), ("--output", "what workers print is in the study's logs"), ("-o", "what workers print is in the study's logs"),
        ("--signal", "write signal_ahead"), ("--requeue", "write requeue: true"), ("--no-requeue", "write requeue: false"),
        ("--open-mode", "what workers print is appended to the study's logs"), ("--wait", "pbt watches the jobs itself"), ("-W", "pbt watches the jobs itself"),
        ("--wrap", "write setup, or a template"), ("--time", "write time"), ("-t", "write time"),
    ];

    /// <summary>Reads it.</summary>
    public static SlurmBackendSpec Read(SectionReader section, string directory, SlurmBackendSpec standard)
    {
        var read = standard with
        {
            Partition = Name(section.Value("partition")),
            Account = Name(section.Value("account")),
            Qos = Name(section.Value("qos")),
            Time = section.Value("time")?.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            Nodes = section.Value("nodes")?.Int(1),
            CpusPerWorker = section.Value("cpus_per_worker")?.Int(1),
            Memory = Shaped(section.Value("memory"), MemoryShape(), "write a number of megabytes, or one with its unit, such as 16G"),
            Gpus = Shaped(section.Value("gpus"), GpuShape(), "write how many, such as 2, or their type too, such as a100:2"),
            Gres = Lines(section.Value("gres"), "gres: [\"lscratch:10\"]", CheckGres),
            Constraint = Name(section.Value("constraint")),
            Directives = Lines(section.Value("directives"), "directives: [--exclusive]", CheckDirective),
            Setup = Lines(section.Value("setup"), "setup: [module load cuda]", static (_, _) => { }),
            Template = section.Value("template")?.AbsolutePath(directory),
            Throttle = section.Value("throttle")?.Int(1),
            SignalAhead = section.Value("signal_ahead")?.Duration(TimeSpan.FromSeconds(1), LongestAhead) ?? standard.SignalAhead,
            Requeue = section.Value("requeue")?.Truth() ?? standard.Requeue,
        };
        if (read.Time <= read.SignalAhead)
            section.FailKey("signal_ahead", "it is not below time, so that no job would ever work; raise time, or lower signal_ahead");

        if (read.Template is not null && read.Setup.Length > 0)
            section.FailKey("setup", "a template has its own lines before the worker; write them there");

        return read;
    }

    /// <summary>A text that a directive can carry: on one line, and not empty.</summary>
    private static string? Name(SpecValue? value)
    {
        if (value?.Source() is not { } text)
            return null;

        if (text.Length == 0)
            value.Fail("the text is empty; leave it out for what the cluster does by default");

        return OnOneLine(value, text) ? text : null;
    }

    private static string? Shaped(SpecValue? value, Regex shape, string hint)
    {
        if (value?.Source() is not { } text)
            return null;

        if (shape.IsMatch(text))
            return text;

        value.Fail($"'{ScalarNode.Shorten(text)}' is nothing that Slurm knows here; {hint}");
        return null;
    }

    private static ImmutableArray<string> Lines(SpecValue? value, string example, Action<SpecValue, string> check)
    {
        if (value?.List(example) is not { } items)
            return [];

        var lines = ImmutableArray.CreateBuilder<string>(items.Length);
        foreach (var item in items)
        {
            if (item.Source() is not { } text || !OnOneLine(item, text))
                continue;

            check(item, text);
            lines.Add(text);
        }

        return lines.ToImmutable();
    }

    private static bool OnOneLine(SpecValue value, string text)
    {
        if (!text.Any(static c => char.IsControl(c) && c != '\t'))
            return true;

        value.Fail("it has to be on one line, without control characters");
        return false;
    }

    private static void CheckGres(SpecValue value, string text)
    {
        if (!GresShape().IsMatch(text))
            value.Fail($"'{ScalarNode.Shorten(text)}' is no generic resource; write name, name:count or name:type:count");
    }

    private static void CheckDirective(SpecValue value, string text)
    {
        if (!text.StartsWith('-'))
            value.Fail($"'{ScalarNode.Shorten(text)}' is no option of sbatch; write it as after #SBATCH, such as --exclusive");

        foreach (var word in text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var found = Reserved.FirstOrDefault(r => string.Equals(word, r.Option, StringComparison.Ordinal)
                || (r.Option.StartsWith("--", StringComparison.Ordinal) ? word.StartsWith(r.Option + "=", StringComparison.Ordinal) : word.StartsWith(r.Option, StringComparison.Ordinal)));
            if (found.Option is not null)
                value.Fail($"pbt sets {found.Option} itself: {found.Instead}");
        }
    }

    [GeneratedRegex(@"^[1-9][0-9]{0,11}[KMGT]?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MemoryShape();

    [GeneratedRegex(@"^([A-Za-z0-9_.-]{1,64}:)?[1-9][0-9]{0,3}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex GpuShape();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,2}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex GresShape();
}
