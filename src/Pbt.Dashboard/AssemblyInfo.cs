using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pbt.Benchmarks")]
[assembly: InternalsVisibleTo("Pbt.Dashboard.Tests")]
