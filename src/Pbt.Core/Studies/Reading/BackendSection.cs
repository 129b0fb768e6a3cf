namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>backend</c>.</summary>
internal static class BackendSection
{
    /// <summary>Reads what starts workers; the local backend where nothing is said.</summary>
    public static BackendSpec Read(SpecValue? value, string directory)
    {
        if (value?.Section(SpecSections.Backend) is not { } section)
            return new LocalBackendSpec();

        var given = section.Value("kind");
        var kind = given is null ? Vocabulary.Backends[0] : given.Kind(Vocabulary.Backends, [], "backend");
        if (kind is null)
            return new LocalBackendSpec();

        section.ReportForeign("backend", kind, Vocabulary.BackendKeys);
        return kind switch
        {
            "slurm" => SlurmSection.Read(section, directory, Jobs(section, new SlurmBackendSpec())),
            "submit" when SubmitSection.Read(section, directory) is { } submit => Jobs(section, submit),
            "ngc" when NgcSection.Read(section, directory) is { } ngc => Jobs(section, ngc),
            _ => new LocalBackendSpec(),
        };
    }

    /// <summary>A path on another machine, which cannot be made absolute here.</summary>
    private static string? Absolute(SpecValue value)
    {
        if (value.Text() is not { } path)
            return null;

        if (path.StartsWith('/'))
            return path;

        value.Fail("it is a directory where workers run, so it has to be absolute; write /workspace/my-study");
        return null;
    }

    /// <summary>Reads what all backends have in common whose workers are jobs.</summary>
    private static T Jobs<T>(SectionReader section, T standard)
        where T : JobBackendSpec => standard with
        {
            SlotsPerWorker = section.Value("slots_per_worker")?.Int(1) ?? standard.SlotsPerWorker,
            Replacements = section.Value("replacements")?.Int(0) ?? standard.Replacements,
            Poll = section.Value("poll")?.Duration() ?? standard.Poll,
            Pbt = section.Value("pbt")?.Text() ?? standard.Pbt,
            Directory = section.Value("directory") is { } path ? Absolute(path) : standard.Directory,
            AtOnce = section.Value("at_once")?.Int(1) ?? standard.AtOnce,
        };
}
