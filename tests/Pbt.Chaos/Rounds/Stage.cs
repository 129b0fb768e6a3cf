using Pbt.Chaos.Trainer;
using Pbt.Harness;

namespace Pbt.Chaos.Rounds;

/// <summary>Where a round plays: a study with its trainer, on a small file system of its own where one can be mounted.</summary>
internal sealed class Stage : IDisposable
{
    private readonly TemporaryMount? _disk;
    private readonly TemporaryMount? _view;
    private double _pace = -1;

    public Stage(RoundPlan plan, string root, string? program, bool mounts)
    {
        Study = new Study(root, program).Script("train.sh", ChaosTrainer.Script).Spec(plan.Spec);
        SetPace(0);
        if (!mounts)
            return;

        _disk = TemporaryMount.TryCreate(Study.Dir, "24m");
        _view = _disk is null ? null : TemporaryMount.TryShowReadOnly(Study.Dir, Study.At("view"));
    }

    public Study Study { get; }

    /// <summary>The study's directory as it can only be read; null where nothing can be mounted.</summary>
    public TemporaryMount? ReadOnlyView => _view;

    /// <summary>Whether the study has a small file system to itself.</summary>
    public bool HasOwnDisk => _disk is not null;

    /// <summary>Where a fault fills the disk.</summary>
    public string Ballast => Path.Combine(Study.Dir, "ballast");

    /// <summary>How long an interval takes from now on, in seconds: nothing that is trained depends on it.</summary>
    public void SetPace(double seconds)
    {
        if (seconds == _pace)
            return;

        _pace = seconds;
        File.WriteAllText(Study.At("pace.next"), FormattableString.Invariant($"{seconds:F3}\n"));
        File.Move(Study.At("pace.next"), Study.At("pace"), overwrite: true);
    }

    /// <summary>Keeps what the small file system holds: copies it out before it goes.</summary>
    public void Keep()
    {
        Study.IsKept = true;
        if (_disk is null)
            return;

        var copy = Study.At("kept");
        foreach (var file in Directory.EnumerateFiles(Study.Dir, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Study.Dir, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    public void Dispose()
    {
        foreach (var process in Study.Processes())
            Signals.Send(process.Pid, Signal.Kill);

        _view?.Dispose();
        _disk?.Dispose();
        Study.Dispose();
    }
}
