using System.Text;
using Microsoft.Win32.SafeHandles;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Backends.Submit;

/// <summary>The file of a study's jobs, open and locked: nobody else submits meanwhile.</summary>
/// <remarks>Not thread-safe. A line is written before a job is submitted and another after it, so that a crash in between is seen.</remarks>
internal sealed class JobFile : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _handle;
    private readonly TimeProvider _time;
    private long _length;

    private JobFile(SafeFileHandle handle, TimeProvider time, JobEntries entries, long length)
    {
        _handle = handle;
        _time = time;
        Entries = entries;
        _length = length;
    }

    /// <summary>The jobs.</summary>
    public JobEntries Entries { get; private set; }

    /// <summary>Opens the file of a study, which need not be there, as soon as nobody else has it open.</summary>
    /// <exception cref="JobQueueException">Somebody else keeps it open.</exception>
    /// <exception cref="DamagedStoreException">A line of it is none that pbt wrote.</exception>
    public static async Task<JobFile> OpenAsync(StudyDirectory study, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = PathOf(study);
        Directory.CreateDirectory(study.Root);
        UntrustedFile.Clear(path);
        var handle = await LockAsync(path, time, cancellationToken);
        try
        {
            var (text, length) = WholeLines(handle);
            var entries = JobEntries.Read(text, out var damaged) ?? throw Damage(path, damaged);
            return new(handle, time, entries, length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The jobs as they are now, without waiting for who submits.</summary>
    /// <exception cref="DamagedStoreException">A line of the file is none that pbt wrote.</exception>
    public static JobEntries Peek(StudyDirectory study)
    {
        using var handle = UntrustedFile.TryOpen(PathOf(study), out _);
        if (handle is null)
            return new JobEntries();

        return JobEntries.Read(WholeLines(handle).Text, out var damaged) ?? throw Damage(PathOf(study), damaged);
    }

    /// <summary>Notes what is known of jobs now, so that it survives a power failure.</summary>
    /// <param name="changes">Entries, each with more about it for people.</param>
    public void Append(IReadOnlyCollection<(JobEntry Entry, string? Why)> changes)
    {
        if (changes.Count == 0)
            return;

        var bytes = Encoding.UTF8.GetBytes(string.Concat(changes.Select(change => JobEntries.Line(change.Entry, _time.GetUtcNow(), change.Why))));
        RandomAccess.Write(_handle, bytes, _length);
        _length += bytes.Length;

        // What a crash has torn is cut off: only the end of the file can be.
        RandomAccess.SetLength(_handle, _length);
        RandomAccess.FlushToDisk(_handle);
        foreach (var (entry, _) in changes)
            Entries = Entries.With(entry);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static string PathOf(StudyDirectory study) => Path.Combine(study.Root, "jobs.jsonl");

    private static async Task<SafeFileHandle> LockAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                // The lock ends with the process that has it.
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException busy) when (File.Exists(path))
            {
                if (time.GetElapsedTime(began) > Patience)
                    throw new JobQueueException($"another pbt is submitting jobs of this study ({path} is locked)", busy);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static (string Text, long Length) WholeLines(SafeFileHandle handle)
    {
        var bytes = UntrustedFile.Read(handle, offset: 0, int.MaxValue);
        var length = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        return (Encoding.UTF8.GetString(bytes, 0, length), length);
    }

    private static DamagedStoreException Damage(string path, int line) =>
        new($"{path}: line {line} is damaged. The file says which jobs were submitted for the study and nothing else: cancel those that still run by the scheduler's own means, move the file away, and run again.");
}
