using System.Numerics.Tensors;

namespace Pbt.Samples.Ppo;

/// <summary>The Adam optimizer (Kingma and Ba, 2015, algorithm 1).</summary>
/// <remarks>
/// The learning rate is no part of its state: a study may change it at any interval, while the moments go on.
/// </remarks>
public sealed class Adam(int parameterCount)
{
    /// <summary>How much of the mean gradient stays at each update.</summary>
    public const float Beta1 = 0.9f;

    /// <summary>How much of the mean squared gradient stays.</summary>
    public const float Beta2 = 0.999f;

    /// <summary>Keeps the step finite where the gradient vanishes.</summary>
    public const float Epsilon = 1e-8f;

    private readonly float[] _update = new float[parameterCount];
    private readonly float[] _scale = new float[parameterCount];

    /// <summary>The running mean of the gradient.</summary>
    public float[] FirstMoment { get; } = new float[parameterCount];

    /// <summary>The running mean of the squared gradient.</summary>
    public float[] SecondMoment { get; } = new float[parameterCount];

    /// <summary>Updates made so far; the bias correction needs it.</summary>
    public int Updates { get; set; }

    /// <summary>Moves the parameters one step against the gradient.</summary>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double learningRate)
    {
        Updates++;
        TensorPrimitives.Multiply(FirstMoment, Beta1, FirstMoment);
        TensorPrimitives.FusedMultiplyAdd(gradient, 1 - Beta1, FirstMoment, FirstMoment);

        TensorPrimitives.Multiply(gradient, gradient, _update);
        TensorPrimitives.Multiply(SecondMoment, Beta2, SecondMoment);
        TensorPrimitives.FusedMultiplyAdd(_update, 1 - Beta2, SecondMoment, SecondMoment);

        // Both corrections are scalars, so that they fold into the step and the root.
        var correction1 = 1 - Math.Pow(Beta1, Updates);
        var correction2 = 1 - Math.Pow(Beta2, Updates);
        TensorPrimitives.Multiply(SecondMoment, (float)(1 / correction2), _scale);
        TensorPrimitives.Sqrt(_scale, _scale);
        TensorPrimitives.Add(_scale, Epsilon, _scale);
        TensorPrimitives.Divide(FirstMoment, _scale, _update);
        TensorPrimitives.FusedMultiplyAdd(_update, (float)(-learningRate / correction1), parameters, parameters);
    }
}
