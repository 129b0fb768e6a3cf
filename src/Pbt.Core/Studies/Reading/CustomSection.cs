using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads what a custom exploit and a custom explore share: their name and settings.</summary>
internal static class CustomSection
{
    /// <summary>Reads the name under which the strategy is registered.</summary>
    public static string? Name(SectionReader section, string half)
    {
        var value = section.Required("name", $"write the name under which your {half} strategy is registered");
        var name = value?.Text();
        if (name is { Length: 0 })
            value!.Fail("the strategy has no name");

        return name;
    }

    /// <summary>Reads the settings: numbers, texts, true and false.</summary>
    public static ImmutableSortedDictionary<string, HyperparameterValue> Settings(SectionReader section)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, HyperparameterValue>(StringComparer.Ordinal);
        foreach (var (name, _, value) in section.Value("settings")?.Entries("its keys are settings of the strategy") ?? [])
        {
            if (HyperparametersSection.AnyValue(value) is { } setting)
                settings[name] = setting;
        }

        return settings.ToImmutable();
    }
}
