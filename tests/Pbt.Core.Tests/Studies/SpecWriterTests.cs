using System.Text.Json;
using System.Text.Json.Nodes;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class SpecWriterTests
{
    [Fact]
    public void The_canonical_form_is_one_line_with_every_default_in_a_fixed_order() => Assert.Equal(
        """{"name":"demo","seed":0,"population":4,"mode":"asynchronous","compare":"latest","objective":{"metric":"return","goal":"maximize","smoothing":{"strategy":"none"}},"interval":{"steps":100},"budget":{"intervals":10},"burn_in":{"intervals":0},"hyperparameters":{"lr":{"type":"float","min":1E-05,"max":0.01,"scale":"log"},"epochs":{"type":"int","min":1,"max":10,"scale":"linear"},"opt":{"type":"categorical","values":["adam","sgd"]}},"initial":{"strategy":"random"},"exploit":{"strategy":"truncation","top":0.2,"bottom":0.2,"middle":"keep","ties":"lower_index","inherit":"weights_and_hyperparameters"},"explore":{"strategy":"perturb","factors":[0.8,1.2],"probability":1.0,"resample_probability":0.25,"reset_probability":0.0,"zero_step":0.01,"unordered":"keep","when":"after_exploit"},"trainer":{"protocol":"command","command":["python3","train.py","{lr}"],"working_directory":"/home/user/study","env":{},"max_attempts":3,"grace":"10s","score":{"from":"auto"}},"resources":{"gpus":"auto","gpus_per_member":1,"members_per_gpu":1},"checkpoints":{"keep_last":2,"keep_best":3,"verify":true,"sync":true},"lease":"30s","backend":{"kind":"local"}}""",
        SpecWriter.ToJson(Specs.Valid()));

    [Fact]
    public void What_is_written_is_read_back_as_the_same()
    {
        var specs = new RandomSpecs(seed: 1);
        for (var i = 0; i < 1000; i++)
        {
            var spec = i % 3 == 0 ? specs.NextOfForksAndReplays() : specs.Next();
            var text = SpecWriter.ToJson(spec);

            Assert.Equal(text, SpecWriter.ToJson(Specs.Read(text)));
            Assert.DoesNotContain('\n', text);
        }
    }

    [Fact]
    public void Hyperparameters_and_texts_survive_exactly()
    {
        var spec = new RandomSpecs(seed: 2).Next() with { Trainer = new CommandTrainerSpec { Command = [new(["x\"\\\n\u0085\u2028😀é{{"], false)], WorkingDirectory = "/a b" } };
        var read = Specs.Read(SpecWriter.ToJson(spec));

        Assert.True(spec.Hyperparameters.Definitions.SequenceEqual(read.Hyperparameters.Definitions));
        Assert.Equal("x\"\\\n\u0085\u2028😀é{{", Assert.IsType<CommandTrainerSpec>(read.Trainer).Command[0].Parts[0]);
        Assert.Equal(spec.Seed, read.Seed);
        Assert.Equal(spec.Budget, read.Budget);
    }

    [Fact]
    public void The_canonical_form_is_read_back_however_another_writer_escapes_and_indents_it()
    {
        var specs = new RandomSpecs(seed: 3);
        for (var i = 0; i < 100; i++)
        {
            var text = SpecWriter.ToJson(specs.Next());
            var rewritten = JsonNode.Parse(text)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1 });

            Assert.Equal(text, SpecWriter.ToJson(Specs.Read(rewritten)));
        }
    }

    [Fact]
    public void Errors_in_json_have_line_and_column()
    {
        var error = Assert.Single(Specs.Errors(SpecWriter.ToJson(Specs.Valid()).Replace("\"population\":4", "\n \"population\":0", StringComparison.Ordinal)));

        Assert.Equal((2, 15, "population"), (error.Line, error.Column, error.Path));
    }

    [Fact]
    public void A_yaml_spec_and_its_canonical_form_mean_the_same()
    {
        var json = SpecWriter.ToJson(Specs.Read(StudyTemplate.Text("demo")));

        Assert.Equal(json, SpecWriter.ToJson(Specs.Read(json)));
    }
}
