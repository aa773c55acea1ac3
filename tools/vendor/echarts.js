// SPDX-License-Identifier: EUPL-1.2
// What of Apache ECharts our charts use; tools/vendor-assets bundles this to assets/vendor/echarts.js (ES5).
import { dispose, init, setPlatformAPI, use, version } from 'echarts/core';
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([
  BarChart, CustomChart, LineChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent,
  TooltipComponent, SVGRenderer
]);

export { dispose, init, setPlatformAPI, version };
