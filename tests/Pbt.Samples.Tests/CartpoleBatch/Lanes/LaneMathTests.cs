using System.Numerics;
using Pbt.Samples.CartpoleBatch.Lanes;

namespace Pbt.Samples.Tests.CartpoleBatch.Lanes;

public sealed class LaneMathTests
{
    [Fact]
    public void Tanh_OverItsWholeRange_IsOffByLessThanItSays()
    {
        for (var x = 1e-6f; x < 20; x *= 1.0003f)
        {
            Assert.InRange(LaneMath.Tanh(new Vector<float>(x))[0] / Math.Tanh(x), 1 - 4e-7, 1 + 4e-7);
            Assert.Equal(-LaneMath.Tanh(new Vector<float>(x)), LaneMath.Tanh(new Vector<float>(-x)));
        }
    }

    [Fact]
    public void Tanh_AtTheEdges_IsWhatItShouldBe()
    {
        Assert.Equal(0, LaneMath.Tanh(Vector<float>.Zero)[0]);
        Assert.Equal(1, LaneMath.Tanh(new Vector<float>(float.PositiveInfinity))[0], 4e-7);
        Assert.Equal(-1, LaneMath.Tanh(new Vector<float>(float.NegativeInfinity))[0], 4e-7);
        Assert.True(float.IsNaN(LaneMath.Tanh(new Vector<float>(float.NaN))[0]));
    }
}
