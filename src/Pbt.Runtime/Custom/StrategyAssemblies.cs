using System.Reflection;
using Pbt.Core.Custom;
using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Custom;

/// <summary>Registers the strategies of assemblies that the user names.</summary>
/// <remarks>
/// Assemblies are named by the user's environment and never by a study, so that looking at somebody else's study runs none of
/// their code.
/// </remarks>
public static class StrategyAssemblies
{
    /// <summary>The environment variable: paths of assemblies, with <c>:</c> between them.</summary>
    public const string Variable = "PBT_STRATEGIES";

    /// <summary>Loads the assemblies and registers each class in them that has a <see cref="StrategyAttribute"/>.</summary>
    /// <param name="paths">Their paths, with <c>:</c> between them; null or empty is none.</param>
    /// <exception cref="InvalidRequestException">One cannot be loaded or has no strategy; the message names it.</exception>
    public static void Register(string? paths)
    {
        foreach (var path in (paths ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var found = 0;
            foreach (var type in TypesOf(path))
            {
                if (type.GetCustomAttribute<StrategyAttribute>() is not { Name: var name })
                    continue;

                Register(type, name, path);
                found++;
            }

            if (found == 0)
                throw new InvalidRequestException($"{Variable}: {path} has no class with [Strategy(\"name\")]");
        }
    }

    private static Type[] TypesOf(string path)
    {
        try
        {
            return Assembly.LoadFrom(Path.GetFullPath(path)).GetTypes();
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or UnauthorizedAccessException or ReflectionTypeLoadException or ArgumentException)
        {
            throw new InvalidRequestException($"{Variable}: {path} cannot be loaded: {(error as ReflectionTypeLoadException)?.LoaderExceptions.FirstOrDefault()?.Message ?? error.Message}", error);
        }
    }

    private static void Register(Type type, string name, string path)
    {
        var isExploit = typeof(IExploitStrategy).IsAssignableFrom(type);
        var isExplore = typeof(IExploreStrategy).IsAssignableFrom(type);
        var withSettings = type.GetConstructor([typeof(StrategySettings)]);
        var without = type.GetConstructor(Type.EmptyTypes);
        if (!(isExploit || isExplore) || (withSettings ?? without) is null)
            throw new InvalidRequestException($"{Variable}: {type.FullName} in {path} must implement IExploitStrategy or IExploreStrategy, and have a public constructor that takes StrategySettings or nothing");

        if (isExploit)
            CustomStrategies.RegisterExploit(name, settings => (IExploitStrategy)Make(settings));

        if (isExplore)
            CustomStrategies.RegisterExplore(name, settings => (IExploreStrategy)Make(settings));

        object Make(StrategySettings settings)
        {
            try
            {
                return withSettings is not null ? withSettings.Invoke([settings]) : without!.Invoke([]);
            }
            catch (TargetInvocationException error) when (error.InnerException is { } inner)
            {
                throw inner as InvalidRequestException ?? new InvalidRequestException($"it cannot be made: {inner.Message}", inner);
            }
        }
    }
}
