using System.Globalization;
using Pbt.Harness;

namespace Pbt.Samples.Tests.Translation;

/// <summary>The sample from end to end, at a tiny size and on sentences of a pattern.</summary>
public sealed class TranslationStudyTests
{
    private static readonly string[] Tiny = ["--width", "24", "--layers", "1", "--heads", "2", "--longest", "24", "--batch", "16"];

    [TranslationTheory]
    [InlineData("study.yaml", true)]
    [InlineData("random.yaml", false)]
    public async Task A_study_trains_resident_members_to_its_end(string spec, bool exploits)
    {
        using var study = new Study().Spec(File.ReadAllText(Path.Combine(TranslationSample.Folder, spec))).With("PATH", SystemPython.SearchPath).With("PYTHONDONTWRITEBYTECODE", "1");
        TranslationSample.Prepare(study);
        study.Replace("command: [python3, train.py]", $"command: [python3, train.py, --data, '{study.At("data")}', {string.Join(", ", Tiny.Select(static text => $"'{text}'"))}]");
        study.Replace("working_directory: .", $"working_directory: '{TranslationSample.Folder}'");
        study.Replace("interval: { steps: 160 }", "interval: { steps: 10 }");
        study.Replace("budget: { intervals: 12 }", "budget: { intervals: 4 }");
        if (exploits)
            study.Replace("burn_in: { intervals: 3 }", "burn_in: { intervals: 1 }");

        (await study.RunAsync()).Expect(0);

        var members = (await study.StatusAsync()).GetProperty("members").EnumerateArray().ToList();
        Assert.Equal(8, members.Count);
        Assert.All(members, static member => Assert.Equal(4, member.GetProperty("intervals").GetInt32()));
        Assert.All(members, static member => Assert.InRange(member.GetProperty("score").GetDouble(), 0, 100));
        Assert.Equal(exploits, study.Journal().Exists(static entry => entry.Line.GetRawText().Contains("\"donor\"", StringComparison.Ordinal)));
    }

    [TranslationFact]
    public void A_run_without_pbt_learns_to_translate_sentences_that_it_never_saw()
    {
        using var folder = new Study();
        TranslationSample.Prepare(folder);
        string[] arguments = ["--data", folder.At("data"), "--checkpoints", folder.At("checkpoints"), "--steps", "60", "--intervals", "4", .. Tiny];

        TranslationSample.Run("train.py", arguments).Expect(0);

        var checkpoint = folder.At("checkpoints/i000004");
        var said = TranslationSample.Run("translate.py", checkpoint, "--data", folder.At("data"), "--longest", "24", "--test").Expect(0).Out;
        Assert.StartsWith("BLEU ", said, StringComparison.Ordinal);
        Assert.InRange(double.Parse(said.Split(' ')[1], CultureInfo.InvariantCulture), 20, 100);
        Assert.NotEqual("\n", TranslationSample.Run("translate.py", checkpoint, "--data", folder.At("data"), "Cannot open the new file.").Expect(0).Out);
    }

    [TranslationFact]
    public void Without_its_data_the_sample_says_what_to_run()
    {
        using var folder = new Study();

        TranslationSample.Run("train.py", "--data", folder.Root).Expect(1).Saying("train.py: ", "prepare.py");
        TranslationSample.Run("translate.py", folder.Root, "--data", folder.Root).Expect(1).Saying("translate.py: ", "prepare.py");
    }
}
