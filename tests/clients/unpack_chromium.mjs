// Unpacks the Chromium for Linux that npm carries, for machines that have no browser, with the
// libraries it needs, and prints where both are. The package brings those libraries out only where
// it believes to be on Amazon's Linux, so it is told so.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x";
const { default: chromium } = await import("@sparticuz/chromium");
const program = await chromium.executablePath();
console.log(JSON.stringify({ program, libraries: process.env.LD_LIBRARY_PATH }));
