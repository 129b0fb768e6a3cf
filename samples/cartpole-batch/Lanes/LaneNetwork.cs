using System.Numerics;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>The network of each lane's member with its optimizer: <see cref="Mlp"/> and <see cref="Adam"/>, many at a time.</summary>
/// <remarks>
/// Parameters lie in the order of <see cref="Mlp.Parameters"/>. Batches are sample-major here, and are taken in pieces of
/// <see cref="Piece"/> samples, whose activations stay in the cache.
/// </remarks>
internal sealed class LaneNetwork
{
    /// <summary>Most samples of one <see cref="Forward"/>.</summary>
    public const int Piece = 16;

    private readonly int[] _sizes;
    private readonly LaneBuffer[] _activations;
    private readonly LaneBuffer[] _deltas;
    private readonly LaneBuffer _parameters;
    private readonly LaneBuffer _gradient;
    private readonly LaneBuffer _firstMoment;
    private readonly LaneBuffer _secondMoment;
    private readonly int _count;
    private readonly int[] _updates = new int[LaneBuffer.Lanes];

    /// <param name="sizes">Features in, hidden widths, features out; all but the last multiples of 4.</param>
    public LaneNetwork(params ReadOnlySpan<int> sizes)
    {
        _sizes = sizes.ToArray();
        for (var layer = 1; layer < _sizes.Length; layer++)
            _count += ParameterCount(layer);
        (_parameters, _gradient, _firstMoment, _secondMoment) = (new(_count), new(_count), new(_count), new(_count));
        _activations = [.. _sizes.Select(static size => new LaneBuffer(size * Piece))];
        _deltas = [.. _sizes.Select(static size => new LaneBuffer(size * Piece))];
    }

    /// <summary>Where the loss's derivative by each output is to be put for <see cref="Backward"/>.</summary>
    public LaneMatrix OutputGradient => Batch(_deltas, _sizes.Length - 1);

    /// <summary>Puts a member into a lane.</summary>
    public void Load(int lane, Mlp network, Adam optimizer)
    {
        _parameters.Scatter(network.Parameters, lane);
        _firstMoment.Scatter(optimizer.FirstMoment, lane);
        _secondMoment.Scatter(optimizer.SecondMoment, lane);
        _updates[lane] = optimizer.Updates;
    }

    /// <summary>Takes a member from its lane.</summary>
    public void Unload(int lane, Mlp network, Adam optimizer)
    {
        _parameters.Gather(network.Parameters, lane);
        _firstMoment.Gather(optimizer.FirstMoment, lane);
        _secondMoment.Gather(optimizer.SecondMoment, lane);
        optimizer.Updates = _updates[lane];
    }

    /// <summary>Computes the outputs of some samples; they are valid until the next call.</summary>
    /// <param name="inputs">Samples × features.</param>
    /// <param name="samples">A multiple of 4, at most <see cref="Piece"/>.</param>
    public LaneMatrix Forward(LaneMatrix inputs, int samples)
    {
        var offset = 0;
        var below = inputs;
        for (var layer = 1; layer < _sizes.Length; layer++)
        {
            var (width, outputs) = (_sizes[layer - 1], _sizes[layer]);
            var weights = _parameters.Vectors.Slice(offset, width * outputs);
            var biases = _parameters.Vectors.Slice(offset + weights.Length, outputs);
            var result = Batch(_activations, layer);
            var elements = _activations[layer].Vectors[..(samples * outputs)];
            for (var sample = 0; sample < samples; sample++)
                biases.CopyTo(elements[(sample * outputs)..]);
            LaneProduct.Add(result.Transposed, new LaneMatrix(weights, width), below.Transposed, outputs, samples, width);
            if (layer < _sizes.Length - 1)
            {
                foreach (ref var element in elements)
                    element = LaneMath.Tanh(element);
            }

            below = result;
            offset += ParameterCount(layer);
        }

        return below;
    }

    /// <summary>Forgets the gradient.</summary>
    public void ClearGradient() => _gradient.Vectors.Clear();

    /// <summary>Adds the samples of the last <see cref="Forward"/> to the gradient, by their <see cref="OutputGradient"/>.</summary>
    public void Backward(LaneMatrix inputs, int samples)
    {
        var offset = _count;
        for (var layer = _sizes.Length - 1; layer > 0; layer--)
        {
            offset -= ParameterCount(layer);
            var (width, outputs) = (_sizes[layer - 1], _sizes[layer]);
            var delta = Batch(_deltas, layer);
            var below = layer > 1 ? Batch(_activations, layer - 1) : inputs;
            var weights = _gradient.Vectors.Slice(offset, width * outputs);
            LaneProduct.Add(new LaneMatrix(weights, width), delta.Transposed, below, outputs, width, samples);
            AddRows(_gradient.Vectors.Slice(offset + weights.Length, outputs), _deltas[layer].Vectors[..(samples * outputs)]);
            if (layer > 1)
                Propagate(layer, offset, samples);
        }
    }

    /// <summary>Moves the parameters of some lanes one step against their gradients, of which no one's is longer than the limit.</summary>
    /// <param name="learningRates">Of each lane.</param>
    /// <param name="active">The lanes that take the step: all bits set.</param>
    public void Descend(ReadOnlySpan<double> learningRates, Vector<int> active)
    {
        Span<float> steps = stackalloc float[LaneBuffer.Lanes], scales = stackalloc float[LaneBuffer.Lanes];
        for (var lane = 0; lane < LaneBuffer.Lanes; lane++)
        {
            if (active[lane] != 0)
                _updates[lane]++;
            var updates = Math.Max(_updates[lane], 1);
            steps[lane] = (float)(-learningRates[lane] / (1 - Math.Pow(Adam.Beta1, updates)));
            scales[lane] = (float)(1 / (1 - Math.Pow(Adam.Beta2, updates)));
        }

        Step(new Vector<float>(steps), new Vector<float>(scales), GradientScale(), active);
    }

    private void Step(Vector<float> step, Vector<float> scale, Vector<float> gradientScale, Vector<int> active)
    {
        Vector<float> keep1 = new(Adam.Beta1), keep2 = new(Adam.Beta2), add1 = new(1 - Adam.Beta1), add2 = new(1 - Adam.Beta2);
        var parameters = _parameters.Vectors;
        var gradients = _gradient.Vectors;
        var first = _firstMoment.Vectors;
        var second = _secondMoment.Vectors;
        for (var p = 0; p < parameters.Length; p++)
        {
            var gradient = gradients[p] * gradientScale;
            var mean = Vector.FusedMultiplyAdd(gradient, add1, first[p] * keep1);
            var square = Vector.FusedMultiplyAdd(gradient * gradient, add2, second[p] * keep2);
            var root = Vector.SquareRoot(square * scale) + new Vector<float>(Adam.Epsilon);
            var moved = Vector.FusedMultiplyAdd(mean / root, step, parameters[p]);
            first[p] = Vector.ConditionalSelect(active, mean, first[p]);
            second[p] = Vector.ConditionalSelect(active, square, second[p]);
            parameters[p] = Vector.ConditionalSelect(active, moved, parameters[p]);
        }
    }

    private Vector<float> GradientScale()
    {
        Vector<float> even = default, odd = default;
        var gradient = _gradient.Vectors;
        var p = 0;
        for (; p + 1 < gradient.Length; p += 2)
        {
            even = Vector.FusedMultiplyAdd(gradient[p], gradient[p], even);
            odd = Vector.FusedMultiplyAdd(gradient[p + 1], gradient[p + 1], odd);
        }

        for (; p < gradient.Length; p++)
            even = Vector.FusedMultiplyAdd(gradient[p], gradient[p], even);
        var norm = Vector.SquareRoot(even + odd);
        var limit = new Vector<float>(PpoTrainer.GradientNormLimit);
        return Vector.ConditionalSelect(Vector.GreaterThan(norm, limit), limit / norm, Vector<float>.One);
    }

    private void Propagate(int layer, int offset, int samples)
    {
        var (width, outputs) = (_sizes[layer - 1], _sizes[layer]);
        var elements = _deltas[layer - 1].Vectors[..(samples * width)];
        elements.Clear();
        var weights = new LaneMatrix(_parameters.Vectors.Slice(offset, width * outputs), width);
        LaneProduct.Add(Batch(_deltas, layer - 1), Batch(_deltas, layer), weights, samples, width, outputs);

        // tanh' = 1 - tanh², and the activation is that tanh.
        ReadOnlySpan<Vector<float>> activations = _activations[layer - 1].Vectors[..elements.Length];
        for (var e = 0; e < elements.Length; e++)
            elements[e] *= Vector<float>.One - (activations[e] * activations[e]);
    }

    private static void AddRows(Span<Vector<float>> sums, ReadOnlySpan<Vector<float>> rows)
    {
        for (; rows.Length > 0; rows = rows[sums.Length..])
        {
            for (var column = 0; column < sums.Length; column++)
                sums[column] += rows[column];
        }
    }

    private LaneMatrix Batch(LaneBuffer[] layers, int layer) => new(layers[layer].Vectors, _sizes[layer]);

    private int ParameterCount(int layer) => _sizes[layer] * (_sizes[layer - 1] + 1);
}
