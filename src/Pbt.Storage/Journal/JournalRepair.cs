using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Journal;

/// <summary>The steps of a repair, for tests that end it between two of them.</summary>
internal enum RepairStep
{
    CopyWritten,
    CopyNamed,
    RepairedWritten,
    Replaced,
}

/// <summary>Holds a journal still, says what is wrong with it, and cuts it to what is intact.</summary>
/// <remarks>
/// Not thread-safe. From its opening to its disposal nobody else writes the journal. The repaired journal takes the damaged
/// one's place as a new file, by a rename: at any moment there is either the old one, untouched, or the new one and the copy;
/// and a store that still has the old one open finds it replaced and writes no more.
/// </remarks>
public sealed class JournalRepair : IDisposable
{
    private const int Piece = 1 << 20;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly StudyDirectory _directory;
    private readonly JournalFile _file;
    private readonly TimeProvider _time;

    private JournalRepair(StudyDirectory directory, JournalFile file, TimeProvider time)
    {
        _directory = directory;
        _file = file;
        _time = time;
    }

    /// <summary>What is wrong.</summary>
    public JournalDiagnosis Diagnosis { get; private set; } = null!;

    internal Action<RepairStep>? Reached { get; set; }

    /// <summary>Locks the journal and examines it.</summary>
    /// <param name="directory">The study.</param>
    /// <param name="time">Gives the copy and the event their time.</param>
    /// <param name="forRepair">False if it is only to be examined: then it need not be writable.</param>
    /// <param name="lockAwaited">Called every 10 seconds while another process keeps the journal locked.</param>
    /// <exception cref="InvalidRequestException">There is none, it may not be opened so, or a newer pbt wrote it.</exception>
    /// <exception cref="TransientStoreException">It could not be locked or read just now.</exception>
    public static JournalRepair Open(StudyDirectory directory, TimeProvider time, bool forRepair, Action? lockAwaited = null)
    {
        var file = JournalFile.Open(directory.Journal, forRepair);
        try
        {
            using (time.CreateTimer(static awaited => ((Action?)awaited)?.Invoke(), lockAwaited, LockPatience, LockPatience))
                file.Lock(exclusive: forRepair);

            file.CheckIdentity();
            return new JournalRepair(directory, file, time) { Diagnosis = JournalDoctor.Examine(file) };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies the journal, cuts it, records that, and returns the copy's path.</summary>
    /// <param name="nextAttempt">The number of the next attempt; above all that were ever used.</param>
    /// <exception cref="InvalidOperationException">There is nothing to repair, or nothing to keep.</exception>
    /// <exception cref="IOException">A file could not be written; the journal is as it was.</exception>
    public string Apply(AttemptId nextAttempt)
    {
        if (Diagnosis is not { Condition: JournalCondition.Damaged, State.Exists: true })
            throw new InvalidOperationException("Only a damaged journal that has an intact beginning can be repaired.");

        var copy = Copy();
        var repaired = _directory.Journal + ".repairing";
        Write(repaired, Diagnosis.KeptBytes, Line(nextAttempt));
        Reached?.Invoke(RepairStep.RepairedWritten);

        // A cache of what the old one said.
        File.Delete(_directory.Snapshot);
        File.Move(repaired, _directory.Journal, overwrite: true);
        DurableFile.SyncDirectory(_directory.Root);
        Reached?.Invoke(RepairStep.Replaced);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Unlock();
        _file.Dispose();
    }

    /// <summary>Keeps every byte under a name that nothing else has.</summary>
    private string Copy()
    {
        var stamp = _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var unnamed = _directory.Journal + ".copying";
        Write(unnamed, _file.Length, []);
        Reached?.Invoke(RepairStep.CopyWritten);

        var name = $"{_directory.Journal}.damaged-{stamp}";
        for (var number = 2; File.Exists(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{_directory.Journal}.damaged-{stamp}-{number}");

        File.Move(unnamed, name, overwrite: false);
        DurableFile.SyncDirectory(_directory.Root);
        Reached?.Invoke(RepairStep.CopyNamed);
        return name;
    }

    private byte[] Line(AttemptId nextAttempt)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"line {Diagnosis.DamagedLine} (byte {Diagnosis.DamagedOffset}) was damaged");
        var transaction = new StudyTransaction(Diagnosis.State, _time.GetUtcNow());
        transaction.Add(new LogRepaired(Diagnosis.CutLines, nextAttempt, $"{where}: {Diagnosis.What}"));
        using var lines = new JournalLines();
        lines.Add(transaction.Events);
        return lines.Bytes.ToArray();
    }

    /// <summary>Writes the journal's first bytes and some more to a file, and syncs it.</summary>
    private void Write(string path, long length, ReadOnlySpan<byte> more)
    {
        StudyTree.Delete(path);
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, File.GetUnixFileMode(_directory.Journal));

        var buffer = new byte[Piece];
        var offset = 0L;
        while (offset < length)
        {
            var read = _file.Read(buffer.AsSpan(0, (int)Math.Min(Piece, length - offset)), offset);
            if (read == 0)
                throw new TransientStoreException($"{_file.Path} ended at byte {offset} while it was copied. Run again: nothing was changed.");

            RandomAccess.Write(handle, buffer.AsSpan(0, read), offset);
            offset += read;
        }

        RandomAccess.Write(handle, more, offset);
        RandomAccess.FlushToDisk(handle);
    }
}
