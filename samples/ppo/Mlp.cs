using System.Numerics.Tensors;

namespace Pbt.Samples.Ppo;

/// <summary>A multi-layer perceptron with tanh hidden layers and a linear output.</summary>
/// <remarks>
/// Batches are feature-major: the value of feature f for sample b is at [f * batch + b]. Every tensor operation then
/// runs over a whole batch, which keeps the vector units busy even though the layers are narrow.
/// Not safe for concurrent use: <see cref="Forward"/> keeps the activations that <see cref="Backward"/> needs.
/// </remarks>
public sealed class Mlp
{
    private readonly int[] _sizes;
    private readonly float[][] _activations;
    private readonly float[][] _deltas;
    private readonly int _freeCount;

    /// <summary>Creates a network with all parameters zero.</summary>
    /// <param name="sizes">Features in, hidden widths, features out.</param>
    public Mlp(params ReadOnlySpan<int> sizes)
        : this(sizes, freeCount: 0)
    {
    }

    /// <summary>Creates a network with all parameters zero, and some that belong to no layer.</summary>
    /// <param name="sizes">Features in, hidden widths, features out.</param>
    /// <param name="freeCount">How many parameters there are besides those of the layers.</param>
    public Mlp(ReadOnlySpan<int> sizes, int freeCount)
    {
        _sizes = sizes.ToArray();
        _activations = new float[_sizes.Length][];
        _deltas = new float[_sizes.Length][];
        Array.Fill(_activations, []);
        Array.Fill(_deltas, []);

        _freeCount = freeCount;
        var count = freeCount;
        for (var layer = 1; layer < _sizes.Length; layer++)
            count += ParameterCount(layer);
        Parameters = new float[count];
        Gradient = new float[count];
    }

    /// <summary>All weights and biases: layer by layer, first the weights by output, then the biases; last the free ones.</summary>
    public float[] Parameters { get; }

    /// <summary>The gradient that <see cref="Backward"/> last computed, laid out like <see cref="Parameters"/>.</summary>
    public float[] Gradient { get; }

    /// <summary>The parameters that belong to no layer; they are trained like the others.</summary>
    public Span<float> Free => Parameters.AsSpan(Parameters.Length - _freeCount);

    /// <summary>Their part of <see cref="Gradient"/>, which <see cref="Backward"/> leaves to the caller.</summary>
    public Span<float> FreeGradient => Gradient.AsSpan(Gradient.Length - _freeCount);

    /// <summary>Whether every parameter is a number.</summary>
    public bool IsFinite => float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(Parameters));

    /// <summary>Draws weights that keep the variance of the signal; all else stays zero.</summary>
    /// <param name="random">Where the weights come from.</param>
    /// <param name="outputGain">Scales the last layer; a small gain starts a policy near uniform.</param>
    public void Initialize(Generator random, double outputGain)
    {
        var offset = 0;
        for (var layer = 1; layer < _sizes.Length; layer++)
        {
            var gain = layer == _sizes.Length - 1 ? outputGain : 1;
            var weights = Parameters.AsSpan(offset, _sizes[layer] * _sizes[layer - 1]);
            foreach (ref var weight in weights)
                weight = (float)(gain / Math.Sqrt(_sizes[layer - 1]) * random.NextGaussian());
            offset += ParameterCount(layer);
        }
    }

    /// <summary>Computes the outputs of a batch; they are valid until the next call.</summary>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> inputs, int batch)
    {
        Reserve(batch);
        inputs[..(_sizes[0] * batch)].CopyTo(_activations[0]);
        var offset = 0;
        for (var layer = 1; layer < _sizes.Length; layer++)
        {
            ForwardLayer(layer, offset, batch);
            offset += ParameterCount(layer);
        }

        return _activations[^1].AsSpan(0, _sizes[^1] * batch);
    }

    /// <summary>Computes <see cref="Gradient"/> for the batch of the last <see cref="Forward"/>.</summary>
    /// <param name="outputGradient">The loss's derivative by each output, feature-major.</param>
    /// <param name="batch">The size of that batch.</param>
    public void Backward(ReadOnlySpan<float> outputGradient, int batch)
    {
        outputGradient[..(_sizes[^1] * batch)].CopyTo(_deltas[^1]);
        var offset = Parameters.Length - _freeCount;
        for (var layer = _sizes.Length - 1; layer > 0; layer--)
        {
            offset -= ParameterCount(layer);
            LayerGradient(layer, offset, batch);
            if (layer > 1)
                PropagateDelta(layer, offset, batch);
        }
    }

    private void ForwardLayer(int layer, int offset, int batch)
    {
        var (inputs, outputs) = (_sizes[layer - 1], _sizes[layer]);
        var weights = Parameters.AsSpan(offset, outputs * inputs);
        var biases = Parameters.AsSpan(offset + weights.Length, outputs);
        var input = _activations[layer - 1].AsSpan(0, inputs * batch);
        var output = _activations[layer].AsSpan(0, outputs * batch);
        for (var o = 0; o < outputs; o++)
        {
            var row = output.Slice(o * batch, batch);
            row.Fill(biases[o]);
            for (var i = 0; i < inputs; i++)
                TensorPrimitives.FusedMultiplyAdd(input.Slice(i * batch, batch), weights[(o * inputs) + i], row, row);
        }

        if (layer < _sizes.Length - 1)
            TensorPrimitives.Tanh(output, output);
    }

    private void LayerGradient(int layer, int offset, int batch)
    {
        var (inputs, outputs) = (_sizes[layer - 1], _sizes[layer]);
        var weights = Gradient.AsSpan(offset, outputs * inputs);
        var biases = Gradient.AsSpan(offset + weights.Length, outputs);
        var input = _activations[layer - 1].AsSpan(0, inputs * batch);
        for (var o = 0; o < outputs; o++)
        {
            ReadOnlySpan<float> delta = _deltas[layer].AsSpan(o * batch, batch);
            biases[o] = TensorPrimitives.Sum(delta);
            for (var i = 0; i < inputs; i++)
                weights[(o * inputs) + i] = TensorPrimitives.Dot(delta, input.Slice(i * batch, batch));
        }
    }

    private void PropagateDelta(int layer, int offset, int batch)
    {
        var (inputs, outputs) = (_sizes[layer - 1], _sizes[layer]);
        var weights = Parameters.AsSpan(offset, outputs * inputs);
        var below = _deltas[layer - 1].AsSpan(0, inputs * batch);
        below.Clear();
        for (var i = 0; i < inputs; i++)
        {
            var row = below.Slice(i * batch, batch);
            for (var o = 0; o < outputs; o++)
                TensorPrimitives.FusedMultiplyAdd(_deltas[layer].AsSpan(o * batch, batch), weights[(o * inputs) + i], row, row);
        }

        // tanh' = 1 - tanh², and the activation is that tanh; it is not needed again, so it is overwritten.
        var activation = _activations[layer - 1].AsSpan(0, inputs * batch);
        TensorPrimitives.Multiply(activation, activation, activation);
        TensorPrimitives.Subtract(1f, activation, activation);
        TensorPrimitives.Multiply(below, activation, below);
    }

    private void Reserve(int batch)
    {
        for (var layer = 0; layer < _sizes.Length; layer++)
        {
            if (_activations[layer].Length >= _sizes[layer] * batch)
                continue;
            _activations[layer] = new float[_sizes[layer] * batch];
            _deltas[layer] = new float[_sizes[layer] * batch];
        }
    }

    private int ParameterCount(int layer) => _sizes[layer] * (_sizes[layer - 1] + 1);
}
