using System.Reflection;
using Pbt.Docs.Tests.Pages;
using Xunit.Sdk;

namespace Pbt.Docs.Tests.Running;

/// <summary>The reasons for which a block of commands is not run here.</summary>
internal static class NotRun
{
    public const string Mark = "not run";
    public const string Slurm = "needs a Slurm cluster";
    public const string Scheduler = "needs a scheduler of its own";
    public const string Gpu = "needs a GPU";
    public const string Bucket = "needs a bucket";
    public const string Machines = "needs several machines";
    public const string Packages = "installs packages";
    public const string Builds = "builds from the sources";
    public const string Long = "takes too long here; a test of its own runs it small";
    public const string Elsewhere = "a test of its own runs it";
    public const string Program = "needs a program that Debian does not package";

    public static readonly IReadOnlySet<string> Reasons = new HashSet<string>(StringComparer.Ordinal)
    {
        Slurm, Scheduler, Gpu, Bucket, Machines, Packages, Builds, Long, Elsewhere, Program,
    };
}

/// <summary>The blocks that are not run for a reason, each as a skipped test.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class NotRunAttribute : DataAttribute
{
    public NotRunAttribute(string reason) => Skip = reason;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Repository.Pages
            .Select(DocPage.Read)
            .SelectMany(page => page.Fences.Where(fence => fence.Mark(NotRun.Mark) == Skip).Select(fence => new object[] { page.RelativePath, fence.Line }));
}
