using Pbt.Chaos.Checks;
using Pbt.Chaos.Rounds;

namespace Pbt.Chaos.Faults;

/// <summary>Damages a checkpoint that a member is to go on from: flips a byte, cuts a file, removes a file or all of it.</summary>
/// <remarks>
/// Under the journal's lock, so that nobody claims an attempt meanwhile, and never what a running attempt reads: what a
/// trainer had half read could not be told from its own doing.
/// </remarks>
internal sealed class DamageCheckpoint : Fault
{
    public override string Kind => "damage checkpoint";

    /// <summary>Falling back to an older checkpoint changes what is computed, so not in synchronous rounds.</summary>
    public override bool Suits(RoundPlan plan) => !plan.IsSynchronous;

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        using var journal = new JournalLock(field.Study.JournalPath, writable: true);
        if (!await journal.TakeAsync(exclusive: true))
            return false;

        try
        {
            var bytes = new byte[RandomAccess.GetLength(journal.Handle)];
            var text = JournalText.Read(bytes.AsSpan(0, RandomAccess.Read(journal.Handle, bytes, 0)));
            var history = History.Of(text.Lines);
            var idle = history.Starts.Except(history.InUse).Except(field.Spoilt.Keys).Order(Comparer<CheckpointName>.Create(static (a, b) => a.Attempt.CompareTo(b.Attempt))).ToList();
            if (idle.Count == 0)
                return false;

            var victim = idle[field.Random.Next(idle.Count)];
            var how = Damage(Path.Combine(field.Study.Dir, "checkpoints", victim.ToString()), field.Random);
            field.Spoilt[victim] = text.Lines.Count;
            field.Timeline.Add($"{Kind} {victim}: {how}");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            journal.Release();
        }
    }

    /// <summary>Damages a checkpoint; says how.</summary>
    public static string Damage(string checkpoint, Random random)
    {
        var files = Directory.GetFiles(checkpoint, "*", SearchOption.AllDirectories).Where(static f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
        var file = files[random.Next(files.Count)];
        var bytes = File.ReadAllBytes(file);
        switch (random.Next(4))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, bytes);
                return $"a bit of {Path.GetFileName(file)}";
            case 1:
                File.WriteAllBytes(file, bytes[..random.Next(bytes.Length)]);
                return $"{Path.GetFileName(file)} is cut";
            case 2:
                File.Delete(file);
                return $"{Path.GetFileName(file)} is removed";
            default:
                Directory.Delete(checkpoint, recursive: true);
                return "all of it is removed";
        }
    }
}
