using System.Text.Json;
using Pbt.Harness;

namespace Pbt.Chaos.Checks;

/// <summary>What pbt itself says of a study at rest, and what runs of it.</summary>
internal static class PbtCheck
{
    /// <summary>Runs <c>pbt verify</c>, <c>status</c> and <c>gc</c>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="expectedDigest">The outcome's digest, or null where it is nobody's to know.</param>
    /// <param name="spoilt">The checkpoints that were damaged on purpose: those that nobody has started from since must be reported, and no others.</param>
    public static async Task<List<Violation>> OfAsync(Study study, string? expectedDigest, IEnumerable<CheckpointName>? spoilt = null)
    {
        var violations = new List<Violation>();
        var verify = await study.PbtAsync("verify", study.Dir, "--json");
        if (verify.ExitCode != 0 && !IsOnly(verify, spoilt ?? []))
            violations.Add(new Violation(Invariant.Verify, verify.ToString()));

        var status = await study.PbtAsync("status", study.Dir, "--json");
        if (status.ExitCode != 0)
            violations.Add(new Violation(Invariant.Behaviour, $"pbt status: {status}"));
        else if (expectedDigest is not null && DigestOf(Study.Parse(status.Out)) is var digest && digest != expectedDigest)
            violations.Add(new Violation(Invariant.Digest, $"{digest} instead of {expectedDigest}"));

        var collected = await study.PbtAsync("gc", study.Dir);
        if (collected.ExitCode != 0)
            violations.Add(new Violation(Invariant.Behaviour, $"pbt gc: {collected}"));

        return violations;
    }

    /// <summary>Whether nothing is wrong but that some of these checkpoints are damaged.</summary>
    private static bool IsOnly(Output verify, IEnumerable<CheckpointName> spoilt)
    {
        if (verify.ExitCode != 4 || !verify.Out.StartsWith('{'))
            return false;

        var report = Study.Parse(verify.Out);
        var reported = report.GetProperty("damaged_checkpoints").EnumerateArray().Select(static found => found.GetProperty("id").GetString()!).ToList();
        return report.GetProperty("differ").GetInt32() == 0 && reported.Count > 0 && !reported.Except(spoilt.Select(static name => name.ToString()), StringComparer.Ordinal).Any();
    }

    /// <summary>No process of a study is left.</summary>
    public static IEnumerable<Violation> Processes(Study study) =>
        study.Processes().Select(static process => new Violation(Invariant.Leftovers, $"a process: {process}"));

    /// <summary>The outcome's digest in what <c>pbt status --json</c> prints.</summary>
    public static string DigestOf(JsonElement status) => status.GetProperty("outcome_digest").GetString()!;
}
