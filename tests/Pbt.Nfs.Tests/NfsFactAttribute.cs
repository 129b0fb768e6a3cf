namespace Pbt.Nfs.Tests;

/// <summary>A test that needs a user-mode Linux with an NFS server in it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NfsFactAttribute : FactAttribute
{
    public NfsFactAttribute()
    {
        if (TwoHostsFixture.WhyNot.Length > 0)
            Skip = TwoHostsFixture.WhyNot;
    }
}
