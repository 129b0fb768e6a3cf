using Pbt.Client;
using Pbt.Samples.DotnetSession;

var blobs = Blobs.Generate(seed: 1);
var model = new SoftmaxRegression(Blobs.Features, Blobs.Classes);

await using var session = await TrainerSession.ConnectAsync(new SessionOptions
{
    Defaults = new Dictionary<string, HyperparameterValue> { ["learning_rate"] = 0.003, ["momentum"] = 0.9, ["weight_decay"] = 1e-4, ["batch_size"] = 32 },
    Steps = 500,
});

await foreach (var interval in session.IntervalsAsync())
{
    if (interval.Reload)
        model.Load(interval.CheckpointIn);   // null: from scratch

    // After loading: a checkpoint may come from a member with other hyperparameters.
    var optimizer = new Optimizer(
        interval.Hyperparameters.GetDouble("learning_rate"),
        interval.Hyperparameters.GetDouble("momentum"),
        interval.Hyperparameters.GetDouble("weight_decay"));
    var batchSize = interval.Hyperparameters.GetInt32("batch_size");
    var random = new Random(interval.Seed);
    for (var step = 0L; step < interval.Steps && !interval.Stopping.IsCancellationRequested; step++)
        interval.Progress(step, ("loss", model.Step(blobs.Training, batchSize, optimizer, random)));

    if (interval.Stopping.IsCancellationRequested)
        break;   // The interval is given back.

    model.Save(interval.CheckpointOut);
    await interval.CompleteAsync(-model.Loss(blobs.Validation), metrics: new Dictionary<string, double> { ["accuracy"] = model.Accuracy(blobs.Validation) });
}
