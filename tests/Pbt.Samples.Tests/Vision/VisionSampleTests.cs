using System.Text.Json;
using Pbt.Harness;

namespace Pbt.Samples.Tests.Vision;

/// <summary>The samples on Fashion-MNIST from end to end, at a tiny size.</summary>
public sealed class VisionSampleTests(PreparedData data) : IClassFixture<PreparedData>
{
    [FashionTheory]
    [InlineData("classifier", "loss", "--validation", "128")]
    [InlineData("gan", "label_entropy", "--judged", "64")]
    public void A_run_without_pbt_trains_with_the_defaults_and_leaves_a_checkpoint(string sample, string metric, string measured, string images)
    {
        using var folder = new Study();
        string[] arguments = ["--data", data.Of(sample), "--train", "256", measured, images, "--steps", "5", "--checkpoints", folder.At("checkpoints")];

        var result = Study.Parse(VisionSamples.Script(sample, "train.py", arguments).Expect(0).Out);

        Assert.True(double.IsFinite(result.GetProperty("score").GetDouble()));
        Assert.True(double.IsFinite(result.GetProperty("metrics").GetProperty(metric).GetDouble()));
        Assert.NotEmpty(Directory.GetFiles(folder.At("checkpoints"), "*.pt", SearchOption.AllDirectories));
    }

    [FashionTheory]
    [InlineData("classifier", "--validation", "128", "study.yaml")]
    [InlineData("classifier", "--validation", "128", "random.yaml")]
    [InlineData("gan", "--judged", "64", "study.yaml")]
    [InlineData("gan", "--judged", "64", "random.yaml")]
    public async Task A_study_trains_every_member_to_its_end(string sample, string measured, string images, string spec)
    {
        using var study = Tiny(sample, spec, measured, images);

        (await study.RunAsync(slots: 2)).Expect(0);

        var status = await study.StatusAsync();
        Assert.Equal(8, status.GetProperty("members").GetArrayLength());
        foreach (var member in status.GetProperty("members").EnumerateArray())
        {
            Assert.Equal(3, member.GetProperty("intervals").GetInt32());
            Assert.Equal(JsonValueKind.Number, member.GetProperty("score").ValueKind);
        }

        Assert.Equal(spec == "study.yaml", study.Journal().Exists(static entry => entry.Line.GetRawText().Contains("\"donor\"", StringComparison.Ordinal)));
    }

    [FashionTheory]
    [InlineData("classifier")]
    public void The_best_checkpoint_is_measured_on_the_test_images(string sample)
    {
        using var folder = new Study();
        string[] arguments = ["--data", data.Of(sample), "--train", "256", "--validation", "64", "--steps", "3", "--checkpoints", folder.At("checkpoints")];
        VisionSamples.Script(sample, "train.py", arguments).Expect(0);
        var checkpoint = Assert.Single(Directory.GetDirectories(folder.At("checkpoints")));

        var accuracy = VisionSamples.Script(sample, "evaluate.py", checkpoint, "--data", data.Of(sample)).Expect(0).Out;

        Assert.Matches("^0\\.[0-9]{4}\n$", accuracy);
        VisionSamples.Script(sample, "evaluate.py", folder.Root, "--data", data.Of(sample)).Expect(1).Saying("evaluate.py: ");
    }

    [TorchTheory]
    [InlineData("classifier")]
    [InlineData("gan")]
    public void Without_its_data_a_sample_says_what_to_run_and_what_to_install(string sample)
    {
        using var folder = new Study();

        VisionSamples.Script(sample, "train.py", "--data", folder.Root, "--checkpoints", folder.At("checkpoints")).Expect(1).Saying("train.py: ", "prepare.py first");
        VisionSamples.Script(sample, "prepare.py", "--source", folder.Root, "--data", folder.Root).Expect(1).Saying("prepare.py: ", "apt-get install dataset-fashion-mnist");
    }

    private Study Tiny(string sample, string spec, string measured, string images)
    {
        var folder = VisionSamples.Folder(sample);
        var study = new Study().Spec(File.ReadAllText(Path.Combine(folder, spec))).With("PATH", SystemPython.SearchPath).With("PYTHONDONTWRITEBYTECODE", "1");
        study.Replace("[python3, train.py]", $"[python3, train.py, --data, {data.Of(sample)}, --train, '256', {measured}, '{images}']");
        study.Replace("working_directory: .", $"working_directory: {folder}");
        study.Replace(sample == "gan" ? "interval: { steps: 250 }" : "interval: { steps: 200 }", "interval: { steps: 2 }");
        study.Replace("budget: { intervals: 20 }", "budget: { intervals: 3 }");
        return study;
    }
}
