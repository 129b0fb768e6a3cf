using System.Collections.Immutable;
using System.CommandLine;
using Pbt.Cli.Comparisons;
using Pbt.Cli.Output;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;
using Pbt.Core.Studies;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt compare</c>: runs or reads several studies at equal budget and says which is better, and how surely.</summary>
internal static class CompareCommand
{
    private const int LeastResamples = 2000;
    private const int MostResamples = 10_000_000;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var studies = new Argument<string[]>("SPEC|DIR")
        {
            Description = "Specs to run, and directories of finished studies to read; directories whose specs differ only in the seed are runs of one study.",
            Arity = ArgumentArity.OneOrMore,
        };
        var options = new CompareOptions();
        var command = new Command("compare", "Run or read several studies at equal budget: means, intervals, and which is likely better.") { studies };
        options.AddTo(command);
        return command.Does(async (parsed, cancellationToken) =>
        {
            var allowUnequal = parsed.GetValue(options.AllowUnequalBudget);
            var settings = SpecSettings.Parse(parsed.GetValue(options.Set) ?? [], reserved: []);
            var plan = await ComparisonPlan.ReadAsync(
                services, parsed.GetValue(studies)!, parsed.GetValue(options.Seeds), settings, parsed.GetValue(options.Against) ?? [], cancellationToken);
            var inequalities = CheckFairness(plan, allowUnequal);
            var runs = new ComparisonRuns(services, parsed.GetValue(options.Directory), parsed.GetValue(options.Slots));
            var exit = await runs.RunAsync(plan.Studies, cancellationToken);
            if (exit != ExitCode.Done)
                return exit;

            options.Write(parsed, services, plan.Report(inequalities, options.MeasureOf(parsed), parsed.GetValue(options.Resamples)));
            return ExitCode.Done;
        });
    }

    /// <summary>Refuses what says nothing, and returns what was allowed by name.</summary>
    /// <exception cref="InvalidRequestException">The studies have different objectives, or unequal training that was not allowed.</exception>
    private static ImmutableArray<string> CheckFairness(ComparisonPlan plan, bool allowUnequal)
    {
        if (Fairness.Incomparable(plan.Specs) is { } objection)
            throw new InvalidRequestException(objection);

        var inequalities = Fairness.Inequalities(plan.Specs);
        if (inequalities.IsEmpty || allowUnequal || plan.Studies.Length == 1)
            return plan.Studies.Length == 1 ? [] : inequalities;

        throw new InvalidRequestException(
            $"the budgets are not equal:{Environment.NewLine}{string.Join(Environment.NewLine, inequalities)}{Environment.NewLine}make them equal, or add --allow-unequal-budget, and the table will say so");
    }

    /// <summary>The options of the command.</summary>
    private sealed class CompareOptions
    {
        private readonly Option<string> _measure = CommonOptions.Measure();
        private readonly Option<string> _format = new("--format") { Description = "How it is printed; latex and markdown are tables for a paper.", DefaultValueFactory = static _ => "text" };
        private readonly Option<bool> _curve = new("--curve") { Description = "Print the course instead: mean and interval of the best score after each interval, as CSV, or with --json." };
        private readonly Option<bool> _json = StudyCommand.JsonOption();

        public CompareOptions()
        {
            _format.AcceptOnlyFromAmong("text", "markdown", "latex", "csv");
            Against.AcceptOnlyFromAmong([.. Twins.All.Select(static t => t.Word)]);
            Seeds.AtLeast(1);
            Resamples.AtLeast(LeastResamples, MostResamples);
        }

        public Option<int?> Seeds { get; } = new("--seeds") { Description = "How many runs of each spec, with the seeds SEED, SEED+1, …", HelpName = "K" };

        public Option<string[]> Set { get; } = SpecSettings.Option();

        public Option<string[]> Against { get; } = new("--against")
        {
            Description = "Add a twin of the first study at the same budget: random, a random search of its search space; constant, its own first members that never change.",
        };

        public Option<int> Resamples { get; } = new("--resamples") { Description = "Resamples behind an interval.", DefaultValueFactory = static _ => BootstrapInterval.DefaultResamples, HelpName = "K" };

        public Option<bool> AllowUnequalBudget { get; } = new("--allow-unequal-budget") { Description = "Compare in spite of unequal training, and say so." };

        public Option<string?> Directory { get; } = new("--dir") { Description = "Where studies that run programs are kept: DIR/NAME/seed-S. What is finished there is read, the rest goes on.", HelpName = "DIR" };

        public Option<int?> Slots { get; } = CommonOptions.Slots();

        public void AddTo(Command command)
        {
            foreach (var option in (ReadOnlySpan<Option>)[Seeds, Set, Against, _measure, _format, _curve, Resamples, AllowUnequalBudget, Directory, Slots, _json])
                command.Add(option);

            command.Validators.Add(result =>
            {
                var format = result.GetResult(_format) is { Implicit: false } ? result.GetValue(_format) : null;
                if (format is not null && result.GetValue(_json))
                    result.AddError("--json and --format exclude each other");
                else if (format is not (null or "csv") && result.GetValue(_curve))
                    result.AddError($"--curve is printed as CSV, or with --json, not as {format}");
            });
        }

        public Measure MeasureOf(ParseResult parsed) => CommonOptions.MeasureOf(parsed.GetValue(_measure));

        public void Write(ParseResult parsed, CliServices services, ComparisonReport report)
        {
            var (json, curve) = (parsed.GetValue(_json), parsed.GetValue(_curve));
            if (json)
            {
                JsonOutput.Write(services.Out, writer => ComparisonJson.Write(writer, report, curve));
                return;
            }

            switch (curve ? "curve" : parsed.GetValue(_format))
            {
                case "curve":
                    ComparisonCurve.WriteCsv(services.Out, report.Comparison);
                    break;
                case "markdown":
                    ComparisonFormats.WriteMarkdown(services.Out, report);
                    break;
                case "latex":
                    ComparisonFormats.WriteLatex(services.Out, report);
                    break;
                case "csv":
                    ComparisonFormats.WriteCsv(services.Out, report);
                    break;
                default:
                    ComparisonText.Write(services.Out, report, services.Width);
                    break;
            }
        }
    }
}
