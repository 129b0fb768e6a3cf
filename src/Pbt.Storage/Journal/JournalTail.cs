using System.Text.Json;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>Says what follows a journal's last whole transaction: what a crash tore, or damage.</summary>
/// <remarks>
/// <para>
/// A writer appends the lines of several transactions in one write, syncs, and only then acknowledges them; it appends
/// nothing behind bytes that are not whole transactions. So what is not acknowledged is at the very end, and after a crash
/// there is of it: all; a beginning, cut anywhere (the process was killed, or the disk was full); or, after a power
/// failure or on NFS, also holes: the file is as long as it was to be, but some blocks were never written and read as NUL.
/// No crash leaves other bytes than those written, or NULs.
/// </para>
/// <para>
/// Hence these tails, and no others, count as torn and may be cut: (1) whole lines of a transaction that has no last line;
/// (2) after them, a line that the file's end cuts short: it begins as the next line must, has no newline, and no
/// whole line with a fitting checksum is hidden in it; (3) holes: runs of NULs that begin at a line's or a sector's start
/// and end at a sector's start or the file's end, with no whole line after them. A line that ends in a newline but
/// fails its checksum is never cut, the last one neither: it may have been acknowledged.
/// </para>
/// <para>
/// A hole before whole lines is reported rather than cut: it may be a block that the storage lost after it was
/// acknowledged. What no reader can tell from a torn tail is a file that somebody cut on purpose, or storage that
/// lost its last blocks in spite of a sync.
/// </para>
/// </remarks>
internal static class JournalTail
{
    private const int Sector = 512;

    /// <summary>More than any append can have torn.</summary>
    private const long Longest = 1L << 30;

    /// <summary>What is after a position up to an offset: null if it is torn, else the error to throw.</summary>
    public static PbtException? Examine(JournalFile file, JournalPosition after, long end)
    {
        if (end - after.Offset > Longest)
            return JournalErrors.Damaged(file.Path, after.Version + 1, after.Offset, "no transaction that follows is whole");

        var tail = new byte[end - after.Offset];
        return Examine(file.Path, after, tail.AsSpan(0, file.Read(tail, after.Offset)));
    }

    /// <summary>What bytes after a position are: null if they are torn, else the error to throw.</summary>
    public static PbtException? Examine(string path, JournalPosition after, ReadOnlySpan<byte> tail)
    {
        var at = 0;
        var pool = new TextPool();
        for (var version = after.Version + 1; ; version++)
        {
            var rest = tail[at..];
            var length = rest.IndexOf((byte)'\n');
            if (length > JournalLine.MaxLength || (length < 0 && rest.Length > JournalLine.MaxLength && !rest.Contains((byte)0)))
                return JournalErrors.Damaged(path, version, after.Offset + at, $"the line there is longer than {JournalLine.MaxLength} bytes");

            if (length < 0)
                return ExamineLast(path, version, after.Offset + at, rest);

            try
            {
                var recorded = JournalLine.Read(rest[..length], pool, out var more);
                if (recorded.Version != version)
                    return JournalErrors.Damaged(path, version, after.Offset + at, $"version {recorded.Version} stands where {version} should");

                // Not reached unless the file changed since it was scanned; what is whole is never taken for torn.
                if (!more)
                    return new TransientStoreException($"{path} changed while it was read. Run again: nothing is lost.");
            }
            catch (NewerJournalException e)
            {
                return JournalErrors.Newer(path, version, e.Message);
            }
            catch (JsonException e)
            {
                return ExamineFlaw(path, version, after.Offset + at, rest, e.Message);
            }

            at += length + 1;
        }
    }

    private static DamagedStoreException? ExamineLast(string path, long version, long offset, ReadOnlySpan<byte> rest)
    {
        const string NotOurs = "what stands there is not what pbt writes";
        if (rest.Contains((byte)0))
            return ExamineFlaw(path, version, offset, rest, NotOurs);

        return IsBeginningOfLine(rest, version) ? null : JournalErrors.Damaged(path, version, offset, NotOurs);
    }

    /// <summary>Whether a crash may have cut an append within these bytes.</summary>
    private static bool IsBeginningOfLine(ReadOnlySpan<byte> bytes, long version)
    {
        var beginning = JournalLine.BeginningOf(version).AsSpan();
        var compared = Math.Min(beginning.Length, bytes.Length);
        if (!bytes[..compared].SequenceEqual(beginning[..compared]))
            return false;

        // Whole but for its newline, it was cut there; but with something else in the newline's place it was not.
        for (var brace = bytes.IndexOf((byte)'}'); brace >= 0 && brace < bytes.Length - 1;)
        {
            if (JournalLine.IsWhole(bytes[..(brace + 1)]))
                return false;

            var next = bytes[(brace + 1)..].IndexOf((byte)'}');
            brace = next < 0 ? -1 : brace + 1 + next;
        }

        return true;
    }

    private static DamagedStoreException? ExamineFlaw(string path, long version, long offset, ReadOnlySpan<byte> rest, string objection)
    {
        var hole = rest.IndexOf((byte)0);
        if (hole < 0 || rest[..hole].Contains((byte)'\n') || !AreHoles(rest, offset))
            return JournalErrors.Damaged(path, version, offset, objection);

        return HasWholeLine(rest[hole..])
            ? JournalErrors.Damaged(
                path,
                version,
                offset,
                "blocks that read as NUL stand before lines that are whole",
                $"If the machine lost power while the study ran, and only then, cut the file there (truncate -s {offset}): what follows was never confirmed. Else restore it from a copy.")
            : null;
    }

    /// <summary>Whether every run of NULs can be blocks that were never written.</summary>
    private static bool AreHoles(ReadOnlySpan<byte> rest, long offset)
    {
        for (var at = 0; rest[at..].IndexOf((byte)0) is >= 0 and var next;)
        {
            var start = at + next;
            var length = rest[start..].IndexOfAnyExcept((byte)0);
            at = length < 0 ? rest.Length : start + length;
            var beginsAtBlock = start == 0 || rest[start - 1] == '\n' || (offset + start) % Sector == 0;
            var endsAtBlock = at == rest.Length || (offset + at) % Sector == 0;
            if (!beginsAtBlock || !endsAtBlock)
                return false;
        }

        return true;
    }

    private static bool HasWholeLine(ReadOnlySpan<byte> bytes)
    {
        for (int length; (length = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(length + 1)..])
        {
            if (JournalLine.IsWhole(bytes[..length]))
                return true;
        }

        return false;
    }
}
