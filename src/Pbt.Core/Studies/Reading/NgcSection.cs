using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>backend: { kind: ngc }</c>.</summary>
internal static class NgcSection
{
    private static readonly string[] OfTheTemplate =
        ["name", "org", "team", "ace", "instance", "image", "workspaces", "result", "datasets", "priority", "preempt", "total_runtime", "commandline", "arguments"];

    private static readonly ImmutableArray<string> Priorities = ["LOW", "NORMAL", "HIGH"];
    private static readonly ImmutableArray<string> Preemptions = ["RUNONCE", "RESTARTABLE", "RESUMABLE"];
    private static readonly ImmutableArray<string> StateCommands = ["info", "get"];

    /// <summary>Reads what a job of NGC is to be, or returns null after recording why not.</summary>
    public static NgcBackendSpec? Read(SectionReader section, string directory)
    {
        var standard = new NgcBackendSpec { WorkingDirectory = SubmitSection.WorkingDirectory(section, directory) };
        section.Required("directory", "write where the study's directory is in the container, such as directory: /workspace/my-study");
        var timeout = SubmitSection.Timeout(section) ?? standard.Timeout;
        var statesBy = section.Value("states_by")?.Kind(StateCommands, [], "subcommand of ngc batch") ?? standard.StatesBy;
        var spec = standard with { Timeout = timeout, StatesBy = statesBy };
        if (section.Value("template") is { } template)
        {
            foreach (var key in OfTheTemplate.Where(section.Has))
                section.FailKey(key, "a template is the whole command line; write it there, or leave template out");

            return template.AbsolutePath(directory) is { } path ? spec with { Template = path } : null;
        }

        foreach (var (key, example) in new[] { ("instance", "dgxa100.40g.1.norm"), ("image", "nvcr.io/org/team/image:tag"), ("result", "/result") })
            section.Required(key, $"write {key}: {example}, or template: FILE");

        return spec with
        {
            Name = Template(section, "name", "name") ?? standard.Name,
            Org = section.Value("org")?.Source(),
            Team = section.Value("team")?.Source(),
            Ace = section.Value("ace")?.Source(),
            Instance = section.Value("instance")?.Source(),
            Image = section.Value("image")?.Source(),
            Workspaces = Mounts(section, "workspaces", "workspaces: [\"my-workspace:/workspace:RW\"]"),
            Result = section.Value("result")?.Source(),
            Datasets = Mounts(section, "datasets", "datasets: [\"12345:/data\"]"),
            Priority = section.Value("priority")?.Kind(Priorities, [], "priority"),
            Preempt = section.Value("preempt")?.Kind(Preemptions, [], "class of preemption"),
            TotalRuntime = section.Value("total_runtime")?.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
            CommandLine = Template(section, "commandline", JobTemplates.Worker) ?? standard.CommandLine,
            Arguments = Texts(section, "arguments", "arguments: [--label, _wl___robotics]"),
        };
    }

    /// <summary>A text with one placeholder, which it has to have.</summary>
    private static string? Template(SectionReader section, string key, string placeholder)
    {
        if (section.Value(key) is not { } value || value.Text() is not { } text)
            return null;

        var template = ArgumentTemplate.TryParse(text, out var objection);
        if (template is null)
            value.Fail($"'{ScalarNode.Shorten(text)}': {objection}");
        else if (template.Placeholders.FirstOrDefault(name => !name.Equals(placeholder, StringComparison.Ordinal)) is { } unknown)
            value.Fail($"{{{ScalarNode.Shorten(unknown)}}} is not known here; there is {{{placeholder}}}; write {{{{ and }}}} for literal braces");
        else if (!template.Placeholders.Any())
            value.Fail($"it lacks {{{placeholder}}}, by which jobs {(placeholder is "name" ? "are told apart" : "get their work")}");

        return text;
    }

    private static ImmutableArray<string> Mounts(SectionReader section, string key, string example)
    {
        foreach (var item in section.Value(key)?.List(example) ?? [])
        {
            if (item.Scalar is { Text: var text } && text.Split(':') is not [{ Length: > 0 }, ['/', ..]] and not [{ Length: > 0 }, ['/', ..], "RW" or "RO"] and not [{ Length: > 0 }, "no-mount"])
                item.Fail($"'{ScalarNode.Shorten(text)}' is no mount; write {example}");
        }

        return Texts(section, key, example);
    }

    private static ImmutableArray<string> Texts(SectionReader section, string key, string example) =>
        section.Value(key) is { } value && value.List(example) is { } items
            ? [.. items.Select(static item => item.Source()).OfType<string>()]
            : [];
}
