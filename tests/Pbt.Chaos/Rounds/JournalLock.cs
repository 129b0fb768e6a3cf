using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Chaos.Rounds;

/// <summary>The lock that pbt's writers take on a journal: looked at, or taken as by one of them.</summary>
internal sealed partial class JournalLock : IDisposable
{
    private const int GetLock = 36;
    private const int SetLock = 37;
    private const short Shared = 0;
    private const short Exclusive = 1;
    private const short None = 2;

    private readonly SafeFileHandle _file;

    public JournalLock(string journal, bool writable = false) => _file = File.OpenHandle(
        journal, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public SafeFileHandle Handle => _file;

    /// <summary>Whether a writer holds it now.</summary>
    public bool IsHeld()
    {
        var range = new Range { Type = Shared };
        return Control(_file, GetLock, ref range) == 0 && range.Type == Exclusive;
    }

    /// <summary>Takes it if nobody is in the way.</summary>
    public bool TryTake(bool exclusive)
    {
        var range = new Range { Type = exclusive ? Exclusive : Shared };
        return Control(_file, SetLock, ref range) == 0;
    }

    /// <summary>Takes it, trying for a second.</summary>
    public async Task<bool> TakeAsync(bool exclusive)
    {
        var clock = Stopwatch.StartNew();
        while (!TryTake(exclusive))
        {
            if (clock.Elapsed.TotalSeconds > 1)
                return false;

            await Task.Delay(1);
        }

        return true;
    }

    public void Release()
    {
        var range = new Range { Type = None };
        _ = Control(_file, SetLock, ref range);
    }

    /// <summary>Whether a process holds it: the kernel tells which of its open files do.</summary>
    public static bool IsHeldBy(int pid)
    {
        try
        {
            return Directory.EnumerateFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fdinfo"))
                .Any(static info => File.ReadLines(info).Any(static line => line.StartsWith("lock:", StringComparison.Ordinal) && line.Contains("OFDLCK", StringComparison.Ordinal) && line.Contains("WRITE", StringComparison.Ordinal)));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref Range range);
}
