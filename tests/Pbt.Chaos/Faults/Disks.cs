using Pbt.Chaos.Rounds;

namespace Pbt.Chaos.Faults;

/// <summary>Fills the study's disk for a while.</summary>
internal sealed class FullDisk : Fault
{
    public override string Kind => "full disk";

    public override string? Obstacle(Stage stage) => stage.HasOwnDisk ? null : "a small file system cannot be mounted here (that needs root)";

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        var length = field.Between(300, 2000);
        Fill(field.Stage.Ballast);
        var free = new DriveInfo(field.Study.Dir).AvailableFreeSpace;
        field.Timeline.Add($"{Kind} for {length.TotalSeconds:F1} s, {free} bytes free");
        var deadline = field.Timeline.Elapsed + length;
        while (field.Timeline.Elapsed < deadline)
        {
            await field.PauseAsync(TimeSpan.FromMilliseconds(50));

            // What pbt collects meanwhile makes room; the disk is to stay full.
            Fill(field.Stage.Ballast);
        }

        File.Delete(field.Stage.Ballast);
        field.Timeline.Add("the disk has space again");
        return free == 0;
    }

    private static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write);
        var buffer = new byte[1 << 20];
        for (var size = buffer.Length; size > 0;)
        {
            try
            {
                RandomAccess.Write(file, buffer.AsSpan(0, size), RandomAccess.GetLength(file));
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }
}

/// <summary>Makes the study's directory read-only for a while; files that are open stay as they are.</summary>
internal sealed class ReadOnlyDirectory : Fault
{
    public override string Kind => "read-only directory";

    public override string? Obstacle(Stage stage) => stage.ReadOnlyView is null ? "a read-only view cannot be mounted here (that needs root)" : null;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        var length = field.Between(200, 2500);
        using (field.Stage.ReadOnlyView!.Cover(field.Study.Dir))
        {
            field.Timeline.Add($"{Kind} for {length.TotalSeconds:F1} s");
            if (CanWrite(field.Study.Dir))
                return false;

            await field.PauseAsync(length);
        }

        field.Timeline.Add("the directory can be written again");
        return true;
    }

    private static bool CanWrite(string directory)
    {
        try
        {
            var probe = Path.Combine(directory, "probe");
            File.WriteAllText(probe, string.Empty);
            File.Delete(probe);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
