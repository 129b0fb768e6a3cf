using System.Numerics;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>Samples of each lane's member: a rollout's, or the minibatch's that is gathered from it.</summary>
/// <remarks>All numbers of a sample lie together, since each lane gathers other samples.</remarks>
internal sealed class LaneSamples(int count)
{
    public const int Action = CartPole.ObservationSize;
    public const int LogProbability = Action + 1;
    public const int Advantage = LogProbability + 1;
    public const int Return = Advantage + 1;
    private const int Width = Return + 1;

    private readonly LaneBuffer _numbers = new(count * Width);

    public int Count { get; } = count;

    /// <summary>What the policies saw, and behind that the rest: samples × numbers.</summary>
    public LaneMatrix Numbers => new(_numbers.Vectors, Width);

    /// <summary>The numbers of one sample.</summary>
    public Span<Vector<float>> this[int sample] => _numbers.Vectors.Slice(sample * Width, Width);

    /// <summary>Copies the chosen samples of one lane.</summary>
    public void Gather(int lane, LaneSamples from, ReadOnlySpan<int> samples)
    {
        var lanes = LaneBuffer.Lanes;
        for (var b = 0; b < samples.Length; b++)
        {
            ReadOnlySpan<float> source = from._numbers.Values.Slice(samples[b] * Width * lanes, Width * lanes);
            var target = _numbers.Values.Slice(b * Width * lanes, Width * lanes);
            for (var number = lane; number < target.Length; number += lanes)
                target[number] = source[number];
        }
    }

    /// <summary>Gives the advantages of each lane mean 0 and deviation 1.</summary>
    public void NormalizeAdvantages()
    {
        Vector<float> sum = default, squares = default;
        for (var sample = 0; sample < Count; sample++)
            sum += this[sample][Advantage];
        var mean = sum / new Vector<float>(Count);
        for (var sample = 0; sample < Count; sample++)
        {
            ref var advantage = ref this[sample][Advantage];
            advantage -= mean;
            squares = Vector.FusedMultiplyAdd(advantage, advantage, squares);
        }

        var scale = Vector<float>.One / (Vector.SquareRoot(squares / new Vector<float>(Count)) + new Vector<float>(1e-8f));
        for (var sample = 0; sample < Count; sample++)
            this[sample][Advantage] *= scale;
    }
}
