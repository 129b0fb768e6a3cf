using Pbt.Chaos.Checks;
using Pbt.Chaos.Rounds;

namespace Pbt.EndToEnd.Tests.Chaos;

/// <summary>A study that was completed in peace, for tests to spoil.</summary>
public sealed class DoctoredStudy : IAsyncLifetime, IDisposable
{
    private readonly Stage _stage = new(RoundPlan.Of(1, 0, ChaosMode.Synchronous, intervals: 4), Directory.CreateTempSubdirectory("pbt-chaos-").FullName, program: null, mounts: false);

    internal Study Study => _stage.Study;

    internal string Digest { get; private set; } = string.Empty;

    internal Acknowledgements Acknowledged { get; } = new();

    public async Task InitializeAsync()
    {
        (await Study.RunAsync(slots: 4)).Expect(0);
        Digest = PbtCheck.DigestOf(await Study.StatusAsync());
        (await Study.PbtAsync("gc", Study.Dir)).Expect(0);
        Acknowledged.Add(await File.ReadAllBytesAsync(Study.JournalPath));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _stage.Dispose();

    /// <summary>A copy that a test may spoil.</summary>
    internal SpoiltStudy Copy()
    {
        var copy = Directory.CreateTempSubdirectory("pbt-spoilt-").FullName;
        foreach (var file in Directory.EnumerateFiles(Study.Dir, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Study.Dir, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return new SpoiltStudy(copy, Acknowledged);
    }
}

/// <summary>A copy of a study with its journal's lines at hand.</summary>
internal sealed class SpoiltStudy(string root, Acknowledgements acknowledged) : IDisposable
{
    public string Root => root;

    public List<JournalLine> Lines { get; } = [.. acknowledged.Lines];

    public string JournalPath => At("journal.jsonl");

    public string At(string name) => Path.Combine(root, name);

    /// <summary>The first line of a type.</summary>
    public int IndexOf(string type) => Lines.FindIndex(line => line.Type == type);

    /// <summary>Changes the text of a line.</summary>
    public void Replace(int index, string old, string with)
    {
        Assert.Contains(old, Lines[index].Text, StringComparison.Ordinal);
        Lines[index] = Lines[index] with { Text = Lines[index].Text.Replace(old, with, StringComparison.Ordinal) };
    }

    /// <summary>Writes the lines as a journal, with the versions and checksums that they need.</summary>
    public SpoiltStudy Write()
    {
        using var file = File.Create(JournalPath);
        for (var i = 0; i < Lines.Count; i++)
            file.Write(Lines[i].Rewritten(i + 1, Lines[i].More && i < Lines.Count - 1));

        return this;
    }

    /// <summary>A checkpoint that somebody needs.</summary>
    public string Needed(int which = 0)
    {
        var needed = History.Of(acknowledged.Lines).Needed().OrderBy(static n => n.ToString(), StringComparer.Ordinal).ElementAt(which);
        return At(Path.Combine("checkpoints", needed.ToString()));
    }

    /// <summary>Fails unless the checks find this broken; what was acknowledged is as it was unless said otherwise.</summary>
    public void Breaks(string invariant, bool isRewritten = false)
    {
        var known = new Acknowledgements();
        known.Add(File.ReadAllBytes(JournalPath));
        var found = StudyCheck.Of(root, isRewritten ? known : acknowledged);
        Assert.True(found.Exists(v => v.Invariant == invariant), $"'{invariant}' is not among: {string.Join('\n', found)}");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
