using System.Buffers;
using System.Globalization;

namespace Pbt.Runtime.Processes;

/// <summary>Reads small files of <c>/proc</c>.</summary>
/// <remarks>
/// Processes come and go while they are looked at, and those of others cannot be read: that is the normal case here,
/// so it is told by a returned value. Exceptions would make a scan of a busy machine ten times as slow.
/// </remarks>
internal static unsafe class ProcFiles
{
    private const int FirstSize = 8192;

    /// <summary>True where <c>/proc</c> describes processes.</summary>
    internal static bool Exist { get; } = File.Exists("/proc/self/stat");

    /// <summary>The pids of all processes that can be seen.</summary>
    internal static IEnumerable<int> Pids()
    {
        if (!Exist)
            yield break;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(directory.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                yield return pid;
        }
    }

    /// <summary>Hands a whole file to <paramref name="use"/>; returns false when it cannot be read.</summary>
    internal static bool TryRead<T>(int pid, string name, ReadOnlySpanFunc<T> use, out T? result)
    {
        result = default;
        var descriptor = LibC.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}"), LibC.ReadOnly | LibC.CloseOnExec);
        if (descriptor < 0)
            return false;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                    buffer = Grow(buffer);
                nint count;
                fixed (byte* free = &buffer[filled])
                    count = LibC.Read(descriptor, free, (nuint)(buffer.Length - filled));
                if (count < 0)
                    return false;
                if (count == 0)
                    break;
                filled += (int)count;
            }

            result = use(buffer.AsSpan(0, filled));
            return true;
        }
        finally
        {
            _ = LibC.Close(descriptor);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    internal delegate T ReadOnlySpanFunc<out T>(ReadOnlySpan<byte> content);
}
