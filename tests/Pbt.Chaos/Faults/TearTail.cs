using Pbt.Chaos.Checks;
using Pbt.Chaos.Rounds;
using Pbt.Harness;

namespace Pbt.Chaos.Faults;

/// <summary>Appends to the journal what a writer leaves that dies in the midst of it.</summary>
/// <remarks>
/// While others work, it takes the lock as a writer does, writes the beginning of a batch, and lets go. With everybody
/// dead it may also leave what a power failure does: blocks that were never written and read as NUL.
/// </remarks>
internal sealed class TearTail(bool whileOthersWork) : Fault
{
    private const int Sector = 512;

    public override string Kind => whileOthersWork ? "tear the journal's tail, others at work" : "tear the journal's tail, everybody killed";

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        await field.UntilAsync(() => whileOthersWork || field.Open == 0, RoundPlan.Lease * 6);
        if (!whileOthersWork && !await KillAllAsync(field))
            return false;

        using var journal = new JournalLock(field.Study.JournalPath, writable: true);
        if (!await journal.TakeAsync(exclusive: true))
            return false;

        try
        {
            var bytes = new byte[RandomAccess.GetLength(journal.Handle)];
            bytes = bytes[..RandomAccess.Read(journal.Handle, bytes, 0)];
            var text = JournalText.Read(bytes);
            if (text.Length != bytes.Length || text.Lines.Count < 10 || field.Journal.HasEnded)
                return false;

            var torn = Tear(text, field.Random, mayHaveHoles: !whileOthersWork);
            RandomAccess.Write(journal.Handle, torn, bytes.Length);
            field.Timeline.Add($"{Kind}: {torn.Length} bytes after byte {bytes.Length}, {torn.Count(static b => b == 0)} of them NUL");
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

    /// <summary>The beginning of a plausible batch: of a line, of a transaction of several, with or without holes.</summary>
    public static byte[] Tear(JournalText text, Random random, bool mayHaveHoles)
    {
        var plausible = text.Lines.Where(static l => l.Type is "attempt_started" or "interval_completed" or "member_decided" or "attempt_failed").ToList();
        var count = 1 + random.Next(4);
        var batch = new List<byte>();
        for (var i = 0; i < count; i++)
            batch.AddRange(plausible[random.Next(plausible.Count)].Rewritten(text.Lines[^1].Version + 1 + i, more: i < count - 1));

        var torn = batch.GetRange(0, 1 + random.Next(batch.Count - 1));
        if (!mayHaveHoles || random.Next(2) == 0)
            return [.. torn];

        // Holes begin with the batch or at a sector, and go to the end.
        var written = torn.Count - (int)((text.Length + torn.Count) % Sector);
        return [.. torn.Take(Math.Max(0, written)), .. new byte[1 + random.Next(4 * Sector)]];
    }

    private static async Task<bool> KillAllAsync(Battlefield field)
    {
        await field.EndOpenAsync(must: true);
        for (var look = 0; look < 200; look++)
        {
            var processes = field.Study.Processes();
            if (processes.Count == 0)
                return true;

            foreach (var process in processes.Where(static p => !p.IsOfTrainer))
                Signals.Send(process.Pid, Signal.Kill);

            await Task.Delay(10);
        }

        return false;
    }
}
