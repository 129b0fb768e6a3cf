using System.Numerics;
using System.Runtime.InteropServices;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>Numbers of many members side by side: element e of the member in lane l is at [e * lanes + l].</summary>
/// <remarks>Begins at a cache line, so that no vector lies across two of them. Zero at first.</remarks>
internal sealed class LaneBuffer
{
    private const int Alignment = 64;

    private readonly float[] _values;
    private readonly int _start;
    private readonly int _count;

    /// <param name="elements">How many numbers each member has.</param>
    public LaneBuffer(int elements)
    {
        _count = elements * Lanes;
        _values = GC.AllocateArray<float>(_count + (Alignment / sizeof(float)), pinned: true);
        var address = (long)Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0);
        _start = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(float);
    }

    /// <summary>Members that one vector holds.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Each element of all members.</summary>
    public Span<Vector<float>> Vectors => MemoryMarshal.Cast<float, Vector<float>>(Values);

    /// <summary>Each number by itself.</summary>
    public Span<float> Values => _values.AsSpan(_start, _count);

    /// <summary>Puts a member's numbers into a lane.</summary>
    public void Scatter(ReadOnlySpan<float> numbers, int lane)
    {
        var values = Values;
        for (var e = 0; e < numbers.Length; e++)
            values[(e * Lanes) + lane] = numbers[e];
    }

    /// <summary>Takes a member's numbers from a lane.</summary>
    public void Gather(Span<float> numbers, int lane)
    {
        var values = Values;
        for (var e = 0; e < numbers.Length; e++)
            numbers[e] = values[(e * Lanes) + lane];
    }
}
