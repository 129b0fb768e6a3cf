using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Custom;

/// <summary>A custom exploit strategy whose faults are reported under its name.</summary>
internal sealed class GuardedExploit(string name, IExploitStrategy strategy) : IExploitStrategy
{
    public ExploitChoice Choose(ExploitContext context) => Guard.Call("exploit", name, () => strategy.Choose(context));

    public Ranking Rescuers(StudyState state, MemberState member, Ranking ranking) =>
        Guard.Call("exploit", name, () => strategy.Rescuers(state, member, ranking)) is { Count: > 0 } rescuers ? rescuers : ranking;
}

/// <summary>A custom explore strategy whose faults are reported under its name, and whose answers lie in the search space.</summary>
internal sealed class GuardedExplore(string name, IExploreStrategy strategy) : IExploreStrategy
{
    public bool IsDeferred => strategy.IsDeferred;

    public Hyperparameters Explore(ExploreContext context)
    {
        var explored = Guard.Call("explore", name, () => strategy.Explore(context));
        return context.Space.Contains(explored)
            ? explored
            : throw new InvalidRequestException($"the explore strategy '{name}' gave {explored}, which does not lie in the search space; make values by Build and FromUnit");
    }
}

/// <summary>Turns whatever a user's class throws into a message that names it.</summary>
internal static class Guard
{
    public static T Call<T>(string half, string name, Func<T> call)
        where T : class
    {
        try
        {
            return call() ?? throw new InvalidRequestException($"the {half} strategy '{name}' gave null");
        }
#pragma warning disable CA1031 // It is the user's code, and may throw anything.
        catch (Exception error) when (error is not PbtException)
#pragma warning restore CA1031
        {
            throw new InvalidRequestException($"the {half} strategy '{name}' failed: {error.GetType().Name}: {error.Message}", error);
        }
    }
}
