using Pbt.Harness;

namespace Pbt.Samples.Tests.Control;

/// <summary>The sample's studies, made tiny, as pbt runs them.</summary>
public sealed class StudyTests
{
    private const int Members = 4;
    private const int Intervals = 3;

    [Fact]
    public async Task Acrobot_Tiny_RunsToItsEnd()
    {
        using var study = new Study().Spec(Tiny("acrobot"));

        (await study.RunAsync(slots: 2)).Expect(0);

        Assert.Equal(Members * Intervals, study.Count("interval_completed"));
    }

    [Fact]
    public async Task SwingUp_TinyByTheSessionProtocol_EndsAsByTheCommandProtocol()
    {
        // One goes on in memory where it can, the other loads each checkpoint in a new process.
        using var session = new Study().Spec(Tiny("swingup"));
        using var command = new Study().Spec(Tiny("swingup").Replace("protocol: session", "protocol: command", StringComparison.Ordinal));

        (await session.RunAsync(slots: 2)).Expect(0);
        (await command.RunAsync(slots: 1)).Expect(0);

        Assert.Equal(await OutcomeAsync(command), await OutcomeAsync(session));
        Assert.Contains(session.Journal(), static entry =>
            entry.Type is "member_decided" && entry.Data.GetProperty("action").GetString() is "exploit");
    }

    [Theory]
    [InlineData("acrobot")]
    [InlineData("swingup")]
    public void RandomTwin_OfAStudy_DiffersInTheSearchAlone(string name)
    {
        Assert.Equal(Lines(name), Lines($"{name}-random"));

        static IEnumerable<string> Lines(string name) => File.ReadLines(PathOf(name)).Where(static line =>
            !line.StartsWith("# ", StringComparison.Ordinal)
            && !line.StartsWith("name: ", StringComparison.Ordinal)
            && !line.StartsWith("exploit: ", StringComparison.Ordinal)
            && !line.StartsWith("explore: ", StringComparison.Ordinal));
    }

    private static string Tiny(string name)
    {
        var spec = File.ReadAllText(PathOf(name));
        foreach (var (old, tiny) in new[]
        {
            ("population: 16", $"population: {Members}"),
            ("steps: 8192", "steps: 4096"),
            ("intervals: 60", $"intervals: {Intervals}"),
            ("command: [bin/control,", $"command: [dotnet, {ControlProgram.Path},"),
        })
        {
            Assert.Contains(old, spec, StringComparison.Ordinal);
            spec = spec.Replace(old, tiny, StringComparison.Ordinal);
        }

        return spec;
    }

    private static async Task<string?> OutcomeAsync(Study study) =>
        (await study.StatusAsync()).GetProperty("outcome_digest").GetString();

    private static string PathOf(string name) => Path.Combine(Repository, "samples", "control", $"{name}.yaml");

    private static string Repository
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "pbt.slnx")))
                directory = directory.Parent ?? throw new InvalidOperationException("pbt.slnx is in no directory above the tests");
            return directory.FullName;
        }
    }
}
