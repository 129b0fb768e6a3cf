namespace Pbt.Chaos.Faults;

/// <summary>Deletes files of an attempt while it runs.</summary>
internal sealed class DeleteAttempt(string what) : Fault
{
    public override string Kind => $"delete {what} in flight";

    public override int Weight => 1;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        await field.UntilAsync(() => field.Trainers().Count > 0, TimeSpan.FromSeconds(3));
        if (field.Any(field.Trainers()) is not { } trainer)
            return false;

        var dir = field.Study.Dir;
        var staged = trainer.Environment["PBT_CHECKPOINT_OUT"];
        var scratch = Path.GetDirectoryName(trainer.Environment["PBT_RESULT"])!;
        var path = what switch
        {
            "staged checkpoint" => staged,
            "scratch files" => scratch,
            "log" => Path.Combine(dir, "logs", Path.GetFileName(Path.GetDirectoryName(staged))!, Path.GetFileName(staged).Replace(".staged-", string.Empty, StringComparison.Ordinal) + ".log"),
            "heartbeat" => field.Any(Files(Path.Combine(dir, "workers"))),
            _ => field.Any([.. Files(scratch).Where(static f => f.EndsWith("metrics.jsonl", StringComparison.Ordinal)), .. Files(Path.Combine(dir, "metrics"))]),
        };
        if (path is null || (what is "staged checkpoint" or "scratch files" && !field.MayStrike(trainer)) || !Delete(path, dir))
            return false;

        field.Timeline.Add($"{Kind}: {Path.GetRelativePath(dir, path)}");
        return true;
    }

    private static string[] Files(string directory)
    {
        try
        {
            return Directory.GetFiles(directory).Order(StringComparer.Ordinal).ToArray();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Deletes it, a directory as a whole: a trainer never sees half of it, which nobody could tell from its own doing.</summary>
    private static bool Delete(string path, string dir)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                var wasThere = File.Exists(path);
                File.Delete(path);
                return wasThere;
            }

            var hidden = Path.Combine(dir, "chaos-deletes");
            Directory.Move(path, hidden);
            while (Directory.Exists(hidden))
                DeleteTree(hidden);

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void DeleteTree(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone.
        }
        catch (IOException)
        {
            // A trainer whose directory it is has just written to it.
        }
    }
}
