using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>Draws valid specs of every shape, with hostile texts and extreme numbers.</summary>
internal sealed class RandomSpecs(ulong seed)
{
    private static readonly ImmutableArray<string> Pieces =
        ["a", "{{", "}}", "\"", "'", "\\", "\n", "\r\n", "\t", "é", "😀", "\u0085", "\u2028", "\uFEFF", "\u007f", "\u0001", "/", "<", "&", "#", ": ", "- ", " ", "[", "]", ",", "null", "1", "true", "~", "!", "%", "@", "`", "|", "*x"];

    private readonly RandomStream _random = new(seed, 0, 0, RandomPurpose.InitialDesign);

    public StudySpec Next()
    {
        var population = 2 + _random.NextInt(12);
        var space = new SearchSpace([.. Enumerable.Range(0, _random.NextInt(6)).Select(Definition)]);
        int? candidates = Coin() ? null : population + 1 + _random.NextInt(3);
        var synchronous = Coin();
        var trainer = Trainer();
        var exploit = Exploit(population);
        return new()
        {
            Name = Pick("demo", "1", "true", "a.b-c_d", "1.5"),
            Seed = _random.NextUInt64(),
            Population = population,
            Mode = synchronous ? StudyMode.Synchronous : StudyMode.Asynchronous,
            Compare = exploit is FireExploit ? ScoreComparison.Latest : Pick(ScoreComparison.Latest, ScoreComparison.SameInterval, ScoreComparison.UpToInterval),
            MaxLead = synchronous || Coin() ? null : 1 + _random.NextInt(9),
            Objective = new(Text("m"), Pick(Goal.Maximize, Goal.Minimize)) { Smoothing = Smoothing() },
            Interval = trainer is BuiltinTrainerSpec || Coin() ? new(1 + _random.NextInt(1000), null) : new(null, Number()),
            Budget = new(4 + _random.NextInt(100), Coin() ? -Number() : null, Coin() ? Time() : null, Coin() ? long.MaxValue : null),
            BurnIn = _random.NextInt(3),
            Hyperparameters = space,
            Initial = Initial(space, candidates ?? population) with { Candidates = candidates, CandidateIntervals = candidates is null ? 1 : 1 + _random.NextInt(3) },
            InitialCheckpoint = Coin() ? null : "/weights/" + Text("").Replace('/', '_'),
            Exploit = exploit,
            Explore = exploit is FireExploit ? Explore(space) with { When = ExploreWhen.AfterExploit } : Explore(space),
            Trainer = trainer with { MaxAttempts = 1 + _random.NextInt(5), Timeout = Coin() ? null : Time(), Grace = Coin() ? TimeSpan.Zero : Time() },
            Evaluate = trainer is not ProgramTrainerSpec || Coin() ? null : new() { Command = Command(), Timeout = Coin() ? null : Time(), Score = Score() },
            Resources = new() { Slots = Coin() ? null : 3, Gpus = _random.NextInt(3) switch { 0 => null, 1 => [], _ => [1, 0, 7] }, GpusPerMember = 2, MembersPerGpu = 3 },
            Checkpoints = new(1 + _random.NextInt(3), _random.NextInt(3), Coin(), Coin() ? null : 1 + _random.NextInt(3)),
            Ancestor = Coin() ? null : new("parent", "/studies/" + Text("").Replace('/', '_'), 1 + _random.NextInt(9)),
            Lease = TimeSpan.FromSeconds(1 + _random.NextInt(3000)),
            Hooks = Hooks(),
        };
    }

    private HooksSpec Hooks()
    {
        var hooks = HooksSpec.None;
        foreach (var kind in Enum.GetValues<HookKind>())
        {
            if (_random.NextBool(0.2))
                hooks = hooks with { Commands = hooks.Commands.Add(kind, [new([Text("x")], Droppable: false), new(["{words}", "{donor}"], Droppable: true)]), Timeout = TimeSpan.FromSeconds(1 + _random.NextInt(3000)) };
        }

        return hooks;
    }

    /// <summary>A study along a schedule, or one whose members start from weights of their own.</summary>
    public StudySpec NextOfForksAndReplays()
    {
        var spec = Next();
        var starts = Enumerable.Range(0, spec.Population).Select(_ => Values(spec.Hyperparameters));
        if (Coin())
        {
            return spec with
            {
                InitialCheckpoint = null,
                Initial = new ExplicitInitial([.. starts])
                {
                    Checkpoints = [.. Enumerable.Range(0, spec.Population).Select(_ => Coin() ? null : "/weights/" + Text("").Replace('/', '_'))],
                    CheckpointSteps = Coin() ? [] : [.. Enumerable.Range(0, spec.Population).Select(_ => (long)_random.NextInt(1000))],
                },
            };
        }

        return spec with
        {
            Interval = new(5, null),
            BurnIn = 0,
            Initial = new ScheduleInitial(),
            Exploit = new NoExploit(),
            Explore = new ScheduleExplore([.. starts.Select((values, i) => new HyperparameterChange(i * 10, values))]),
        };
    }

    private Hyperparameters Values(SearchSpace space) => space.Build((_, d) => d.FromUnit(_random.NextDouble()));

    private InitialSpec Initial(SearchSpace space, int members) => _random.NextInt(5) switch
    {
        0 => new RandomInitial(),
        1 => new LatinHypercubeInitial(),
        2 => new SobolInitial(),
        3 when space.Definitions.All(static d => d.Default is not null) => new MutateDefaultsInitial(),
        _ => new ExplicitInitial([.. Enumerable.Range(0, members).Select(_ => space.Build((_, d) => d.FromUnit(_random.NextDouble())))]),
    };

    private SmoothingSpec Smoothing() => _random.NextInt(3) switch
    {
        0 => new NoSmoothing(),
        1 => new MeanSmoothing(1 + _random.NextInt(9)),
        _ => new ExponentialSmoothing(1 - (_random.NextDouble() / 2)),
    };

    private ExploitSpec Exploit(int population)
    {
        var inherit = Pick(Inheritance.Hyperparameters, Inheritance.Weights, Inheritance.WeightsAndHyperparameters);
        return _random.NextInt(10) switch
        {
            0 => new TruncationExploit(_random.NextDouble() / 2, 0.5) { Inherit = inherit, Middle = Without(), Ties = Pick(TieOrder.LowerIndex, TieOrder.HigherIndex) },
            1 => new BinaryTournamentExploit { Inherit = inherit },
            2 => new TTestExploit((_random.NextDouble() / 2) + 0.1, 2 + _random.NextInt(9)) { Inherit = inherit },
            3 => new ThresholdExploit(_random.NextDouble() / 2, 0.25)
            {
                Sigma = Number(),
                Trim = _random.NextDouble(),
                Relative = Number(),
                Absolute = Number(),
                BelowTop = Coin(),
                Quorum = _random.NextDouble(),
                Settle = 1 + _random.NextInt(4),
                KeepOwnHyperparameters = _random.NextDouble(),
                Otherwise = Without(),
                Middle = Without(),
                Inherit = inherit,
            },
            4 => new BandExploit { Sigma = Number(), Absolute = Number(), Otherwise = Without(), Inherit = inherit },
            5 => new BacktrackExploit(_random.NextDouble() / 2, 0.25) { Candidates = Coin() ? null : 1 + _random.NextInt(9), Inherit = inherit },
            6 => new ElitistBackOffExploit(_random.NextDouble() / 2, 0) { Tolerance = Number(), Inherit = inherit },
            7 when population >= 2 * SubPopulations.LeastSize => new MultipleFrequenciesExploit { Frequencies = [1 + _random.NextInt(3), 9], Top = 0.5, Bottom = _random.NextDouble() / 2, Migrants = 0, Inherit = inherit },
            8 when population >= 12 => new FireExploit(2, 0.1 + (_random.NextDouble() / 5)) { Top = _random.NextDouble() / 2, Bottom = 0, Significance = 0.02, MaxEvaluation = 1 + _random.NextInt(9), HalfLife = Number(), Inherit = inherit },
            _ => new NoExploit(),
        };
    }

    private WithoutDonor Without() => Pick(WithoutDonor.Keep, WithoutDonor.Explore);

    private ExploreSpec Explore(SearchSpace space)
    {
        var when = Pick(ExploreWhen.AfterExploit, ExploreWhen.Always);
        ExploreSpec explore = _random.NextInt(11) switch
        {
            4 => new CommandExplore { When = when, Command = [new(["a"], Droppable: false), new(["--in", "{{}} {population}"], Droppable: true)], WorkingDirectory = "/code", Timeout = Time(), History = 7 },
            5 => new NoExplore(),
            6 => new Pb2Explore(_random.NextDouble()) { When = when },
            7 => new Pb2MixExplore { When = when },
            8 => new GpbtPlExplore(_random.NextDouble(), 3 * _random.NextDouble()) { When = when },
            var kind => Rule(kind) with { When = when },
        };
        return explore is RuleExplore rule ? rule with { Overrides = Overrides(rule, space) } : explore;
    }

    private RuleExplore Rule(int kind) => kind switch
    {
        0 => new PerturbExplore { Factors = [Number(), 1.2, 3], Probability = _random.NextDouble(), ResampleProbability = _random.NextDouble(), ZeroStep = 0, Unordered = Pick(UnorderedMove.Keep, UnorderedMove.Step, UnorderedMove.Other) },
        1 => new PerturbExplore { Range = (0.5, 0.5 + Number()), ResetProbability = _random.NextDouble() },
        2 => new ResampleExplore(_random.NextDouble()),
        3 => new GaussianExplore(Number(), Pick(NoiseUnit.Range, NoiseUnit.Scale), 1) { Probability = _random.NextDouble() },
        _ => new PerturbExplore { Ratio = (0.5, 0.5 + Number()), ResampleProbability = 0 },
    };

    private ImmutableSortedDictionary<string, ExploreSpec> Overrides(RuleExplore whole, SearchSpace space)
    {
        var overrides = whole.Overrides.ToBuilder();
        foreach (var definition in space.Definitions)
        {
            if (Coin())
                overrides[definition.Name] = definition is FloatHyperparameter ? new DiscountExplore { Ratio = (1, 1 + Number()), Probability = 0.5 } : Coin() ? new NeighbourExplore { ResampleProbability = 0.1 } : new NoExplore();
            else if (Coin())
                overrides[definition.Name] = Rule(_random.NextInt(4));
        }

        return overrides.ToImmutable();
    }

    private TrainerSpec Trainer() => _random.NextInt(4) switch
    {
        0 or 1 => new InProcessTrainerSpec(),
        2 => new SessionTrainerSpec
        {
            Command = [new(["x"], Droppable: false), new(["{{y}}"], Droppable: Coin())],
            WorkingDirectory = "/code",
            Environment = ImmutableSortedDictionary<string, VariableValue>.Empty.Add("KEY", new FromEnvironmentValue("MY_KEY")),
            StartTimeout = Time(),
            Silence = Time(),
        },
        _ => new CommandTrainerSpec
        {
            Command = Command(),
            WorkingDirectory = "/code/" + Text("").Replace('/', '_'),
            Environment = ImmutableSortedDictionary<string, VariableValue>.Empty
                .Add("A_" + Text("").Replace('=', '_'), new TextValue(Text("")))
                .Add("PATH", new TextValue(Text("")))
                .Add("KEY", new FromEnvironmentValue("MY_KEY")),
            Score = Score(),
        },
    };

    private ImmutableArray<CommandArgument> Command() =>
        [new([Text("x")], Droppable: false), .. Enumerable.Range(0, _random.NextInt(5)).Select(_ => new CommandArgument(Coin() ? [Text("{seed}"), Text("")] : [Text("{steps}")], Droppable: true)), new([Text("")], Droppable: false)];

    private ScoreSource Score() => _random.NextInt(4) switch
    {
        0 => new ResultScore(),
        1 => new ResultFileScore(),
        2 => new LastJsonLineScore(),
        _ => new RegexScore("(\\d+)\"\n" + "é"),
    };

    private Hyperparameter Definition(int index) =>
        Bare(index) is var definition && Coin() ? definition with { Default = definition.FromUnit(_random.NextDouble()) } : definition;

    private Hyperparameter Bare(int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Pick("true", "a.b", "_x", "n-")}{index}");
        return _random.NextInt(6) switch
        {
            0 => new FloatHyperparameter(name, -Number(), Number(), Scale.Linear),
            1 => new FloatHyperparameter(name, 1e-300, Number() + 1, Scale.Log) { InitialPrior = Coin() ? null : new FloatHyperparameter(name, 1e-3, 1, Scale.Log) },
            2 => new FloatHyperparameter(name, -1e10, 1 - 1e-15, Scale.OneMinusLog),
            3 => new IntHyperparameter(name, 1, IntHyperparameter.Limit, Scale.Log) { InitialPrior = Coin() ? null : new IntHyperparameter(name, 2, 9, Scale.Log) },
            4 => Coin() ? new OrdinalHyperparameter(name, Values()) : new CategoricalHyperparameter(name, Values()),
            _ => new BoolHyperparameter(name),
        };
    }

    private ImmutableArray<HyperparameterValue> Values() => [.. new[]
    {
        HyperparameterValue.Of(Text("")), HyperparameterValue.Of(Number()), HyperparameterValue.Of((long)_random.NextUInt64()),
        HyperparameterValue.Of(Coin()), HyperparameterValue.Of(1.0), HyperparameterValue.Of(1L), HyperparameterValue.Of("1"), HyperparameterValue.Of(-0.0),
        HyperparameterValue.Of(1e16), HyperparameterValue.Of(double.Epsilon), HyperparameterValue.Of(double.MaxValue),
    }.Distinct()];

    // Above 0, over many orders of magnitude.
    private double Number() => Math.Pow(10, _random.NextInt(11) - 5) * (_random.NextDouble() + 0.1);

    private TimeSpan Time() => TimeSpan.FromTicks(1 + _random.NextInt(int.MaxValue) * (Coin() ? 1L : TimeSpan.TicksPerMillisecond));

    private string Text(string start)
    {
        var text = new StringBuilder(start);
        for (var left = _random.NextInt(8); left > 0; left--)
            text.Append(Pieces[_random.NextInt(Pieces.Length)]);

        return text.ToString();
    }

    private bool Coin() => _random.NextBool(0.5);

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.NextInt(of.Length)];
}
