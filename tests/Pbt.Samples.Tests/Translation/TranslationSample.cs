using Pbt.Harness;

namespace Pbt.Samples.Tests.Translation;

/// <summary>The sample that translates: where it is, and whether it can run here.</summary>
internal static class TranslationSample
{
    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Combine(SystemPython.Repository, "samples", "translation");

    /// <summary>The folder of its tests in Python.</summary>
    public static string Tests { get; } = Path.Combine(Folder, "tests");

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? WhyNot { get; } =
        SystemPython.WhyNot("torch")
        ?? SystemPython.WhyNot("sentencepiece")
        ?? (File.Exists("/usr/bin/msgunfmt") ? null : "there is no msgunfmt: apt-get install gettext");

    /// <summary>Makes the data of a study from a few hundred sentences of a pattern, which msgfmt compiles.</summary>
    public static void Prepare(Study study)
    {
        const string compile = "import sys, pathlib, support; support.compile_po(support.template_po(), pathlib.Path(sys.argv[1]))";
        SystemPython.Run(["-c", compile, study.At("catalogues")], Tests).Expect(0);
        Run("prepare.py", "--catalogues", study.At("catalogues"), "--output", study.At("data"), "--vocabulary", "120").Expect(0);
    }

    /// <summary>Runs one of its scripts to its end.</summary>
    public static Output Run(string script, params string[] arguments) => SystemPython.Run([Path.Combine(Folder, script), .. arguments], Path.GetTempPath());
}

/// <summary>A test that needs the system's Python with torch and sentencepiece, and gettext.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TranslationFactAttribute : FactAttribute
{
    public TranslationFactAttribute() => Skip = TranslationSample.WhyNot;
}

/// <summary>As <see cref="TranslationFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TranslationTheoryAttribute : TheoryAttribute
{
    public TranslationTheoryAttribute() => Skip = TranslationSample.WhyNot;
}
