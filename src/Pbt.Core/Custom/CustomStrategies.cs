using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Custom;

/// <summary>The exploit and explore strategies that a user has added, by name: <c>strategy: custom</c>.</summary>
/// <remarks>
/// One registry for the process; thread-safe. A strategy must be pure, as those that come with pbt are: else a synchronous
/// study depends on timing, and <c>pbt verify</c> reports differences. Every worker of a study, and whoever verifies it, must
/// have registered the same.
/// </remarks>
public static class CustomStrategies
{
    private static readonly ConcurrentDictionary<string, Func<StrategySettings, IExploitStrategy>> Exploits = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Func<StrategySettings, IExploreStrategy>> Explores = new(StringComparer.Ordinal);

    /// <summary>Adds an exploit strategy.</summary>
    /// <param name="name">What <c>exploit.name</c> in the spec says.</param>
    /// <param name="make">Makes it by the settings of a spec.</param>
    /// <exception cref="InvalidRequestException">There is one of this name.</exception>
    public static void RegisterExploit(string name, Func<StrategySettings, IExploitStrategy> make) => Add(Exploits, "exploit", name, make);

    /// <summary>Adds an explore strategy.</summary>
    /// <param name="name">What <c>explore.name</c> in the spec says.</param>
    /// <param name="make">Makes it by the settings of a spec.</param>
    /// <exception cref="InvalidRequestException">There is one of this name.</exception>
    public static void RegisterExplore(string name, Func<StrategySettings, IExploreStrategy> make) => Add(Explores, "explore", name, make);

    /// <summary>What is wrong with the custom strategies that a spec names, a sentence each; empty if nothing is.</summary>
    public static IReadOnlyList<string> Objections(StudySpec spec)
    {
        var objections = new List<string>();
        Try(() => ExploitStrategy.Of(spec));
        Try(() => ExploreStrategy.Of(spec.Explore));
        return objections;

        void Try(Func<object> make)
        {
            try
            {
                make();
            }
            catch (InvalidRequestException error)
            {
                objections.Add(error.Message);
            }
        }
    }

    internal static IExploitStrategy Make(CustomExploit spec) => new GuardedExploit(spec.Name, Make(Exploits, "exploit", spec.Name, spec.Settings));

    internal static IExploreStrategy Make(CustomExplore spec) => new GuardedExplore(spec.Name, Make(Explores, "explore", spec.Name, spec.Settings));

    private static void Add<T>(ConcurrentDictionary<string, Func<StrategySettings, T>> registry, string half, string name, Func<StrategySettings, T> make)
    {
        if (!registry.TryAdd(name, make))
            throw new InvalidRequestException($"there is an {half} strategy of the name '{name}' already; give each its own");
    }

    private static T Make<T>(
        ConcurrentDictionary<string, Func<StrategySettings, T>> registry, string half, string name, ImmutableSortedDictionary<string, HyperparameterValue> given)
    {
        if (!registry.TryGetValue(name, out var make))
        {
            var known = registry.IsEmpty ? "none is registered" : $"registered: {string.Join(", ", registry.Keys.Order(StringComparer.Ordinal))}";
            throw new InvalidRequestException(
                $"{half}.name: there is no {half} strategy '{name}' here ({known}); set PBT_STRATEGIES to the .dll that has it, or register it in the program that hosts the study");
        }

        var settings = new StrategySettings(given);
        try
        {
            var strategy = make(settings);
            return settings.Unknown is [var unknown, ..]
                ? throw new InvalidRequestException(settings.Known.Count == 0 ? $"'{unknown}' is no setting: it has none" : $"'{unknown}' is no setting: it has {string.Join(", ", settings.Known)}")
                : strategy;
        }
        catch (InvalidRequestException error)
        {
            throw new InvalidRequestException($"{half}.settings of {name}: {error.Message}", error);
        }
    }
}
