namespace Pbt.Slurm.Tests.Harness;

/// <summary>A test that needs a real Slurm of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute()
    {
        if (Cluster.WhyNot.Length > 0)
            Skip = Cluster.WhyNot;
    }
}
