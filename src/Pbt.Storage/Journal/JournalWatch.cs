using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>Looks at the file for what others append: file systems shared between machines tell nobody of a change.</summary>
/// <remarks>It opens the file for each look, since NFS brings a file's length up to date when it is opened.</remarks>
internal sealed class JournalWatch(string path, TimeProvider time) : LogWatch(nameof(JournalStore))
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private long _length = -1;

    /// <inheritdoc/>
    protected override async Task LookAsync()
    {
        for (var wait = ShortestWait; ;)
        {
            var grown = TryLook();
            if (!GoesOn())
                return;

            wait = grown ? ShortestWait : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, wait.Ticks * 5 / 4));
            await Task.Delay(wait, time, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Looks once; what goes wrong, those who wait are told.</summary>
    private bool TryLook()
    {
        try
        {
            using var file = JournalFile.Open(path, writable: false);
            var length = file.Length;
            if (length == _length)
                return false;

            var (version, isEnd) = LastVersion(file, length);

            // What does not end whole may be a write of another host of which the end has arrived before the beginning.
            _length = isEnd ? length : -1;
            Advance(version);
            return isEnd;
        }
        catch (Exception e)
        {
            Fail(e is PbtException ? e : new TransientStoreException($"{path} could not be looked at: {e.Message}", e));
            return false;
        }
    }

    /// <summary>The version of the last whole transaction, found from the end; whether all before it is in order is for readers to say.</summary>
    private static (long Version, bool IsEnd) LastVersion(JournalFile file, long length)
    {
        for (var window = 1L << 16; ; window = Math.Min(window * 8, Array.MaxLength))
        {
            var start = Math.Max(0, length - window);
            var bytes = new byte[length - start];
            var rest = bytes.AsSpan(0, file.Read(bytes, start));
            var lineEnd = rest.LastIndexOf((byte)'\n');
            while (lineEnd > 0)
            {
                var line = rest[(rest[..lineEnd].LastIndexOf((byte)'\n') + 1)..lineEnd];
                if (JournalLine.IsWhole(line) && !JournalLine.HasMore(line))
                    return (JournalLine.VersionOf(line), start + lineEnd + 1 == length);

                lineEnd = rest[..lineEnd].LastIndexOf((byte)'\n');
            }

            if (start == 0 || window == Array.MaxLength)
                return (0, length == 0);
        }
    }
}
