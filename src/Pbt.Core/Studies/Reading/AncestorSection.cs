namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>ancestor</c>.</summary>
internal static class AncestorSection
{
    private const string Hint = "pbt fork writes it; leave the section out of a study that begins by itself";

    /// <summary>Reads where a forked study comes from.</summary>
    public static AncestorSpec? Read(SpecValue? value, string directory)
    {
        if (value?.Section(SpecSections.Ancestor) is not { } section)
            return null;

        var named = section.Required("study", Hint);
        var study = named?.Source();
        if (study is not null && SpecNames.StudyObjection(study) is { } objection)
            named!.Fail(objection);

        var path = section.Required("directory", Hint)?.AbsolutePath(directory);
        var interval = section.Required("interval", Hint)?.Int(1);
        return study is not null && path is not null && interval is not null ? new(study, path, interval.Value) : null;
    }
}
