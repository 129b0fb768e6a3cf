using System.ComponentModel;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Pbt.Testing;

/// <summary>A test of the stores' contract; skipped where the store of the derived class cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Pbt.Testing.StoreFactDiscoverer", "Pbt.Testing")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>Says, on a class derived from a conformance suite, what its store needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>Why it cannot be had here; null if it can.</summary>
    public abstract string? Missing { get; }
}

/// <summary>The store needs a PostgreSQL server.</summary>
public sealed class NeedsPostgresAttribute : NeedsAttribute
{
    /// <inheritdoc/>
    public override string? Missing => PostgresServer.Missing;
}

/// <summary>The store needs an S3-compatible server.</summary>
public sealed class NeedsS3Attribute : NeedsAttribute
{
    /// <inheritdoc/>
    public override string? Missing => S3Server.Missing;
}

/// <summary>A test that needs an S3-compatible server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class S3FactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is none.</summary>
    public S3FactAttribute() => Skip = S3Server.Missing;
}

/// <summary>A test that needs a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is none.</summary>
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>A test with data that needs a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test where there is none.</summary>
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>Finds the tests marked with <see cref="StoreFactAttribute"/>.</summary>
public sealed class StoreFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needs = testMethod.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(NeedsAttribute), inherit: true).OfType<NeedsAttribute>();
        var missing = needs.Select(static need => need.Missing).FirstOrDefault(static missing => missing is not null);
        yield return new StoreTestCase(sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, missing);
    }
}

/// <summary>A test that knows why it is skipped.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    /// <summary>For the test framework, which fills it in.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Only for the test framework.")]
    public StoreTestCase()
    {
    }

    /// <summary>Makes one.</summary>
    public StoreTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string? skip)
        : base(sink, display, options, method) => SkipReason = skip;

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        SkipReason = data.GetValue<string?>(nameof(SkipReason));
    }

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(SkipReason), SkipReason);
    }
}
