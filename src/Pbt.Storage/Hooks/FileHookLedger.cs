using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Hooks;

/// <summary>The ledger of a study whose directory all its workers share: two files below <c>hooks</c>.</summary>
/// <remarks>The turn is a lock of the operating system, of the journal's kind: it works across NFS clients and dies with its holder.</remarks>
public sealed class FileHookLedger(StudyDirectory study) : IHookLedger
{
    private const int MostBytes = 64;

    /// <inheritdoc/>
    public TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    private string LockPath => Path.Combine(study.Hooks, "lock");

    private string DonePath => Path.Combine(study.Hooks, "done");

    /// <inheritdoc/>
    public ValueTask<IHookTurn?> TryTakeAsync(CancellationToken cancellationToken = default)
    {
        StudyTree.Make(study, study.Hooks);
        var file = UntrustedFile.OpenToReadAndWrite(LockPath);
        try
        {
            if (Posix.TryLock(file))
                return ValueTask.FromResult<IHookTurn?>(new Turn(file, DonePath, Read()));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return ValueTask.FromResult<IHookTurn?>(null);
    }

    private long Read()
    {
        using var file = UntrustedFile.TryOpen(DonePath, out var kind);
        if (file is null && kind == FileKind.Missing)
            return 0;

        var text = file is null ? string.Empty : Encoding.ASCII.GetString(UntrustedFile.Read(file, offset: 0, MostBytes));
        return long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var done) && done >= 0
            ? done
            : throw new DamagedStoreException($"{DonePath} is to hold the number of the last event whose hooks were run, and does not: remove it, and all hooks are run again from the first on");
    }

    private sealed class Turn(SafeFileHandle file, string path, long done) : IHookTurn
    {
        public long Done { get; private set; } = done;

        public ValueTask NoteAsync(long version, CancellationToken cancellationToken = default)
        {
            if (version != Done)
            {
                DurableFile.WriteAtomically(path, Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture) + "\n"));
                Done = version;
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            file.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
